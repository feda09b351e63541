import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Answers of models: those in the folder at OUTKIT_BENCH_TEXTS, else the one beside this file. */
function answers(): readonly string[] {
  const folder = process.env['OUTKIT_BENCH_TEXTS'];
  if (folder === undefined) return [readFileSync(new URL('answer.md', import.meta.url), 'utf8')];
  const names = readdirSync(folder).filter((name) => /^\d+\.md$/.test(name));
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Answers one after the other, until they are so many bytes. */
export function text(bytes: number): string {
  const all = answers();
  let joined = '';
  for (let number = 0; Buffer.byteLength(joined) < bytes; number++) joined += `${all[number % all.length]}\n\n`;
  return Buffer.from(joined)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
