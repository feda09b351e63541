import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { componentTypes } from './component-types.ts';
import { references } from './references.ts';

await writeInto('../docs/', await references());
await writeInto('../src/stream/', await componentTypes());

async function writeInto(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await writeFile(fileURLToPath(new URL(folder + name, import.meta.url)), text);
  }
}
