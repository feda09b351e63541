// The part of docs/use-the-key.md that shows the proxy of each framework: what `outkit init` writes, so that a test of the one is one of the other.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FRAMEWORKS, type FrameworkId } from '../src/cli/framework/detect.ts';
import type { PackageFacts } from '../src/cli/framework/package-facts.ts';
import { backendProxy } from '../src/cli/framework/proxy.ts';

const PAGE = fileURLToPath(new URL('../docs/use-the-key.md', import.meta.url));
const [START, END] = ['<!-- proxies: written by `npm run docs` -->', '<!-- /proxies -->'];
/** A new project in TypeScript. */
const PROJECT: PackageFacts = {
  directory: '/nowhere',
  files: new Set(['tsconfig.json']),
  dependencies: new Set(),
  scripts: {},
  isModule: true,
  isWorkspaceRoot: false,
  problem: null,
};

/** The page with the proxies of now between its marks. Throws when it has no marks. */
export async function useTheKeyPage(): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start === -1 || end < start) throw new Error('docs/use-the-key.md has no place for the proxies');
  const sections = Object.entries(FRAMEWORKS).map(([id, name]) => section(id as FrameworkId, name));
  return `${page.slice(0, start + START.length)}\n${sections.join('')}${page.slice(end)}`;
}

function section(framework: FrameworkId, name: string): string {
  const proxy = backendProxy(framework, PROJECT, { apiUrl: 'https://outkit.example.com', envFile: '.env.local' });
  return `### ${name}\n\`\`\`ts\n${proxy.code}\`\`\`\n\n`;
}
