import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { references } from './references.ts';

for (const [name, text] of Object.entries(await references())) {
  await writeFile(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), text);
}
