import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withKeys } from '../../../test/contract/event-store/lists.ts';
import { eventsOf, sampleEvent } from '../../../test/contract/event-store/samples.ts';
import { sampleKey, usageRow } from '../../../test/contract/key-store/samples.ts';
import type { RenderEvent } from '../../core/render-event.ts';
import { totalUsage, type UsageBatch } from '../../core/usage.ts';
import type { JournalRecord, UsageJournal } from '../../core/usage-journal.ts';
import { totalsOf } from '../../core/usage-series.ts';
import { BATCH_SIZE } from '../../core/usage-tally.ts';
import { backUp } from '../sqlite/back-up.ts';
import { openSqliteStore } from '../sqlite/open-sqlite-store.ts';
import { prepareRestore } from '../sqlite/restore.ts';
import type { Store } from '../store.ts';
import { openUsageJournal } from './open-journal.ts';

const EPOCH = 'aa'.repeat(16);
const NEXT = 'bb'.repeat(16);
/** A served and a refused one that are over, and one that is open. */
const RECORDS = [start(1), start(2, { status: 401, verdict: 'revoked' }), end(1), start(3), end(2, 401)];

let parent: string;
let directory: string;
let store: Store;
let problems: string[];
beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'outkit-journal-'));
  directory = join(parent, 'data');
  problems = [];
  store = await openSqliteStore({ directory });
  await withKeys({ store, cleanup: async () => {} });
});
afterEach(async () => {
  await store.close();
  rmSync(parent, { recursive: true });
});

function start(number: number, fields: Partial<RenderEvent> = {}): JournalRecord {
  return { kind: 'start', number, answer: { event: sampleEvent(number, fields), secretOrdinal: 1, inGrace: false } };
}

function end(number: number, status = 200): JournalRecord {
  return { kind: 'end', number, end: { at: 2_000 + number, status, durationUs: 7, blocks: 1, bytesOut: 5 } };
}

function open(epoch: string, over: Pick<Store, 'journalPosition' | 'recordUsage'> = store): Promise<UsageJournal> {
  return openUsageJournal(over, { directory, epoch, sync: 'second', onProblem: (what) => problems.push(what) });
}

const pathOf = (epoch: string) => join(directory, `usage-${epoch}.journal`);
const journals = () => readdirSync(directory).filter((name) => name.startsWith('usage-'));

/** A process that was killed with these records behind it, the last written by itself; what it stored is stored. */
async function killed(records = RECORDS): Promise<UsageJournal> {
  const journal = await open(EPOCH);
  journal.append(records.slice(0, -1));
  journal.append(records.slice(-1));
  await journal.close(false);
  return journal;
}

async function counts() {
  const counts = totalUsage(await store.usageOf(sampleKey(1).id, 0));
  const { served, clientErrors, serverErrors, refused } = totalsOf(counts);
  const events = await store.listEvents(eventsOf());
  return { served, clientErrors, serverErrors, refused, events: events.map(({ requestId }) => requestId).sort() };
}

const ALL = { served: 1, clientErrors: 0, serverErrors: 1, refused: 1, events: ['req_1', 'req_2', 'req_3'] };

describe('after a kill', () => {
  test('what was answered is counted with its events and last uses, open answers as interrupted, and the file is gone', async () => {
    await killed();
    await open(NEXT);
    expect(await counts()).toEqual(ALL);
    const [last] = await store.lastUsesOf([sampleKey(1).id]);
    expect(last).toMatchObject({ at: 2_001 });
    expect(await store.greatestTime()).toBe(2_002);
    const interrupted = (await store.listEvents(eventsOf())).filter(({ isInterrupted }) => isInterrupted);
    expect(interrupted).toMatchObject([{ requestId: 'req_3', status: 200 }]);
    expect(journals()).toEqual([`usage-${NEXT}.journal`]);
    expect(problems).toEqual([]);
  });

  test('a replay that is cut off at any step and begun again counts the same', async () => {
    await killed();
    copyFileSync(pathOf(EPOCH), join(parent, 'copy'));
    const broken = {
      journalPosition: (epoch: string) => store.journalPosition(epoch),
      recordUsage: async () => {
        throw new Error('killed before the transaction');
      },
    };
    await expect(open(NEXT, broken)).rejects.toMatchObject({ code: 'data_directory' });
    expect(journals()).toEqual([`usage-${EPOCH}.journal`]);
    await (await open(NEXT)).close(false);
    // Killed behind the transaction, the file is still there.
    copyFileSync(join(parent, 'copy'), pathOf(EPOCH));
    await open('cc'.repeat(16));
    expect(await counts()).toEqual(ALL);
    expect(journals()).toEqual([`usage-${'cc'.repeat(16)}.journal`]);
  });

  test('a long journal is stored in parts, and what was stored of it before another kill is not counted again', async () => {
    const numbers = Array.from({ length: 2 * BATCH_SIZE + 5 }, (_, index) => index + 1);
    await killed(numbers.flatMap((number) => [start(number), end(number)]));
    const stored: number[] = [];
    const broken = {
      journalPosition: (epoch: string) => store.journalPosition(epoch),
      recordUsage: async (batch: UsageBatch) => {
        if (stored.length === 1) throw new Error('killed before the second part');
        stored.push(batch.events.length);
        return store.recordUsage(batch);
      },
    };
    await expect(open(NEXT, broken)).rejects.toMatchObject({ code: 'data_directory' });
    // All that was written at once is in one part.
    expect(stored).toEqual([BATCH_SIZE]);
    await open(NEXT);
    expect(await counts()).toMatchObject({ served: numbers.length, serverErrors: 0, refused: 0 });
    expect(await store.newestEventSeq()).toBe(numbers.length);
    expect(journals()).toEqual([`usage-${NEXT}.journal`]);
  });

  test('what was stored up to the position is not counted again', async () => {
    const journal = await open(EPOCH);
    journal.append(RECORDS.slice(0, 3));
    const events = [sampleEvent(1)];
    const rows = [usageRow(sampleKey(1).id, { served: 1 })];
    await store.recordUsage({ rows, lastUses: [], events, journal: journal.position(), at: 0 });
    journal.append(RECORDS.slice(3));
    await journal.close(false);
    await open(NEXT);
    expect(await counts()).toEqual(ALL);
  });

  test('a torn last write is nobody’s, and what stands before it counts', async () => {
    await killed();
    const bytes = readFileSync(pathOf(EPOCH));
    writeFileSync(pathOf(EPOCH), bytes.subarray(0, -3));
    await open(NEXT);
    // The end of the refused one is torn, so nobody knows that it ended.
    expect(await counts()).toEqual({ ...ALL, refused: 0, serverErrors: 2 });
    expect(problems).toEqual([]);
  });

  test('damage stops the replay with a problem, and the file is kept', async () => {
    await killed();
    const bytes = readFileSync(pathOf(EPOCH));
    bytes[bytes.length - 1] = 0;
    writeFileSync(pathOf(EPOCH), bytes);
    await open(NEXT);
    expect(await counts()).toEqual({ ...ALL, refused: 0, serverErrors: 0, events: ['req_1'] });
    expect(problems).toEqual([expect.stringMatching(/is damaged at byte \d+: .* kept as .*\.damaged$/)]);
    expect(journals().sort()).toEqual([`usage-${EPOCH}.journal.damaged`, `usage-${NEXT}.journal`]);
    expect(readFileSync(`${pathOf(EPOCH)}.damaged`)).toEqual(bytes);
  });

  test('a file that lost its end with the power counts nothing twice', async () => {
    const journal = await open(EPOCH);
    journal.append(RECORDS);
    await store.recordUsage({ rows: [], lastUses: [], events: [], journal: journal.position(), at: 0 });
    await journal.close(false);
    writeFileSync(pathOf(EPOCH), readFileSync(pathOf(EPOCH)).subarray(0, -30));
    await open(NEXT);
    expect((await counts()).events).toEqual([]);
    expect(journals()).toEqual([`usage-${NEXT}.journal`]);
  });

  test('journals of several processes are replayed, each once', async () => {
    await killed();
    copyFileSync(pathOf(EPOCH), join(parent, 'copy'));
    const second = await open(NEXT);
    second.append([start(4), end(4)]);
    await second.close(false);
    await open('cc'.repeat(16));
    expect(await counts()).toEqual({ ...ALL, served: 2, events: [...ALL.events, 'req_4'] });
  });
});

describe('the file', () => {
  test('is for its owner only, and goes away when all in it is stored', async () => {
    const journal = await open(EPOCH);
    expect(statSync(pathOf(EPOCH)).mode & 0o777).toBe(0o600);
    await journal.close(true);
    await journal.close(true);
    expect(journals()).toEqual([]);
  });

  test('made anew, it has the open answers only, at the same position, and a kill counts them once', async () => {
    const journal = await open(EPOCH);
    journal.append([start(1), start(2), end(1)]);
    const position = journal.position();
    await store.recordUsage({ rows: [], lastUses: [], events: [], journal: position, at: 0 });
    const before = statSync(pathOf(EPOCH)).size;
    journal.renew([{ kind: 'start', number: 2, answer: { event: sampleEvent(2), secretOrdinal: 1, inGrace: false } }]);
    expect(statSync(pathOf(EPOCH)).size).toBeLessThan(before);
    journal.append([start(3), end(3)]);
    await journal.close(false);
    await open(NEXT);
    expect(await counts()).toEqual({ ...ALL, refused: 0, events: ['req_2', 'req_3'] });
  });

  test('that was being made when the process was killed is removed', async () => {
    writeFileSync(`${pathOf(EPOCH)}.new`, 'x');
    await open(NEXT);
    expect(existsSync(`${pathOf(EPOCH)}.new`)).toBe(false);
  });

  test('is renewed at 8 MB, and takes no starts at 32 MB', async () => {
    const journal = await open(EPOCH);
    const some = Array.from({ length: 5_000 }, (_, index) => start(index, { agent: 'a'.repeat(200) }));
    while ((journal.position()?.position ?? 0) < 8 * 1024 * 1024) {
      expect(journal.needsRenewal).toBe(false);
      journal.append(some);
    }
    expect(journal.needsRenewal).toBe(true);
    journal.requireSound();
    while ((journal.position()?.position ?? 0) < 32 * 1024 * 1024) journal.append(some);
    expect(() => journal.requireSound()).toThrow('full');
    journal.renew([]);
    journal.requireSound();
  });
});

describe('a restore', () => {
  async function restored(): Promise<void> {
    const file = join(parent, 'backup.db');
    await backUp({ directory, file, onCopying: () => {} });
    await store.close();
    const prepared = await prepareRestore({ file, directory, now: 50_000, discardCurrent: false });
    prepared.commit();
    prepared.abandon();
    store = await openSqliteStore({ directory });
  }

  test('counts nothing of the journal of the database that it replaced, keeps it, and says so', async () => {
    await killed();
    await restored();
    await open(NEXT);
    expect((await counts()).events).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('a restore has replaced')]);
    expect(journals().sort()).toEqual([`usage-${EPOCH}.journal.unknown`, `usage-${NEXT}.journal`]);
  });

  test('leaves nothing to say of a journal in which nothing stands', async () => {
    await killed([]);
    await restored();
    await open(NEXT);
    expect(problems).toEqual([]);
    expect(journals()).toEqual([`usage-${NEXT}.journal`]);
  });
});
