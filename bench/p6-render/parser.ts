import { text } from './texts.ts';

const BYTES_A_ROUND = 4_000_000;

const bytes = Number(process.argv[2]);
const content = text(bytes);
let results = 0;

/** Microseconds for each text of `process.argv[2]` bytes. */
export function microsecondsOf(work: (content: string) => number): number {
  const times = Math.ceil(BYTES_A_ROUND / bytes);
  const startedAt = process.hrtime.bigint();
  for (let number = 0; number < times; number++) results += work(content);
  return Number(process.hrtime.bigint() - startedAt) / times / 1000;
}

process.on('exit', () => {
  if (results === 0) throw new Error('nothing was made');
});
