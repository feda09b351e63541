// Many connections to one server for some minutes: most read as fast as they are answered, some slowly, and one key of five is no good.

import { createHistogram } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { mintSecret } from '../../src/core/secret.ts';
import { CUT, HttpConnection, renderRequest } from '../http-connection.ts';
import { SlowReader } from './slow-reader.ts';

/** What is driven, as JSON in the one argument. */
export interface Drive {
  readonly port: number;
  readonly keys: readonly string[];
  readonly connections: number;
  /** Of them, those that read slowly. */
  readonly slow: number;
  readonly seconds: number;
}

export interface Driven {
  readonly answered: number;
  readonly refused: number;
  readonly slowAnswers: number;
  /** Answers that nobody should have got, by what was expected and what came; `cut` for no answer. */
  readonly wrong: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly longestMs: number;
}

const ONE_OF = 5;
const WARM_UP_MS = 5_000;
const SHORT = JSON.stringify({
  content: '# Title\n\nSome text.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [ ] c\n- [x] d\n',
});

const drive: Drive = JSON.parse(process.argv[2] ?? '');
const histogram = createHistogram();
const wrong: Record<string, number> = {};
const counts = { answered: 0, refused: 0 };
const endsAt = performance.now() + WARM_UP_MS + drive.seconds * 1_000;
let isWarm = false;

const slow = Array.from({ length: drive.slow }, (_, index) => new SlowReader(drive.port, keyAt(index)));
const readers = Array.from({ length: drive.connections - drive.slow }, (_, index) => requestsOf(index));
await setTimeout(WARM_UP_MS);
isWarm = true;
await Promise.all(readers);
for (const reader of slow) reader.close();
const ms = (part: number) => histogram.percentile(part) / 1_000;
const driven: Driven = {
  ...counts,
  slowAnswers: slow.reduce((sum, reader) => sum + reader.answers, 0),
  wrong: { ...wrong, ...(slow.some((reader) => reader.cuts > 0) ? { 'slow reader cut': 1 } : {}) },
  p50Ms: ms(50),
  p99Ms: ms(99),
  p999Ms: ms(99.9),
  longestMs: histogram.max / 1_000,
};
process.stdout.write(JSON.stringify(driven), () => process.exit());

/** One request after the other on one connection, until the time is over. */
async function requestsOf(index: number): Promise<void> {
  const connection = new HttpConnection(drive.port);
  for (let number = index; performance.now() < endsAt; number++) {
    const isGood = number % ONE_OF !== 0;
    const startedAt = performance.now();
    const status = await connection.request(renderRequest(isGood ? keyAt(number) : badKey(number), SHORT));
    if (!isWarm) continue;
    histogram.record(Math.max(1, Math.round((performance.now() - startedAt) * 1_000)));
    tell(isGood ? 200 : 401, status);
  }
  connection.close();
}

function tell(expected: number, status: number): void {
  if (status !== expected) {
    const what = `${expected} expected, ${status === CUT ? 'cut' : status}`;
    wrong[what] = (wrong[what] ?? 0) + 1;
  } else if (status === 200) counts.answered += 1;
  else counts.refused += 1;
}

function keyAt(number: number): string {
  return drive.keys[number % drive.keys.length] ?? '';
}

/** Malformed and unknown ones in turn. */
function badKey(number: number): string {
  if (number % 2 === 0) return 'okd_this-is-no-key';
  return mintSecret('development', (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
}
