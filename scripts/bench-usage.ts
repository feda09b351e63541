/**
 * What counting costs a request: nanoseconds of processor time for the start and the end of one answer, with the journal and without,
 * over a store that takes everything at once, when one and when several begin in a turn. `node scripts/bench-usage.ts [directory]`; the
 * directory decides which disk is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageRecorder } from '../src/gateway/usage-recorder.ts';
import { openUsageJournal } from '../src/storage/journal/open-journal.ts';
import { NO_JOURNAL } from '../test/no-journal.ts';
import { aRenderEvent } from '../test/render-event-builder.ts';

const ANSWERS = 20_000;
const RUNS = 9;

const store = { recordUsage: async () => [], journalPosition: async () => 0 };
const event = aRenderEvent({ agent: 'bench/1.0 (a user agent of a usual length, such as that of a backend)' });

/** Nanoseconds for each answer of so many in a turn, apart from what is stored in the background. */
async function measured(journal: typeof NO_JOURNAL, inTurn: number): Promise<number> {
  const recorder = new UsageRecorder({
    store,
    journal,
    clock: { now: () => event.at },
    onProblem: (what, error) => console.error(what, error),
    keepsTime: true,
    onStored: () => {},
  });
  const before = process.cpuUsage();
  for (let number = 0; number < ANSWERS; number++) {
    const answer = { ...event, requestId: `req_${number}` };
    recorder.record({ event: answer, secretOrdinal: 1, inGrace: false }, () =>
      recorder.finished(answer.requestId, answer),
    );
    if (number % inTurn === 0) await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage(before);
  await recorder.close();
  return ((user + system) * 1000) / ANSWERS;
}

async function median(inTurn: number, journalOf: (run: number) => Promise<typeof NO_JOURNAL>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await measured(await journalOf(run), inTurn));
  return Math.round(times.sort((left, right) => left - right)[Math.floor(RUNS / 2)] as number);
}

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'outkit-bench-'));
try {
  const journalOf = (run: number) => {
    const epoch = run.toString(16).padStart(32, '0');
    return openUsageJournal(store, { directory, epoch, sync: 'second', onProblem: (what) => console.error(what) });
  };
  for (const inTurn of [1, 20]) {
    console.log(`${inTurn} in a turn, without a journal  ${await median(inTurn, async () => NO_JOURNAL)} ns`);
    console.log(`${inTurn} in a turn, with the journal   ${await median(inTurn, journalOf)} ns`);
  }
} finally {
  rmSync(directory, { recursive: true });
}
