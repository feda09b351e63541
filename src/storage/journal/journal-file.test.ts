import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JournalRecord } from '../../core/usage-journal.ts';
import { JournalFile, type UsageSync } from './journal-file.ts';
import { readJournal } from './read-journal.ts';

/** What the disk does: takes at most so many bytes more, and fails at syncs. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, failsToSync: false, syncs: 0 }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    writeSync(file: number, bytes: Buffer) {
      if (disk.room === 0) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      const written = real.writeSync(file, bytes, 0, Math.min(bytes.length, disk.room));
      disk.room -= written;
      return written;
    },
    fdatasync(file: number, done: (error: Error | null) => void) {
      disk.syncs += 1;
      if (disk.failsToSync) setImmediate(done, Object.assign(new Error('EIO'), { code: 'EIO' }));
      else real.fdatasync(file, done);
    },
  };
});

let directory: string;
let path: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'outkit-journal-'));
  path = join(directory, 'journal');
  Object.assign(disk, { room: Number.POSITIVE_INFINITY, failsToSync: false, syncs: 0 });
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

const opened = (sync: UsageSync = 'second') => new JournalFile({ directory, path, epoch: 'e', sync });
const release = (beforeSecond: number): JournalRecord => ({ kind: 'release', beforeSecond });
const written = () => {
  const { records, damagedAt } = readJournal(fs.readFileSync(path));
  expect(damagedAt).toBeNull();
  return records.map(({ record }) => record);
};

describe('a full disk', () => {
  test.each([0, 1, 7, 8, 9, 15])(
    'that takes %i bytes of a record takes none of it, and goes on where the last whole record ends',
    async (room) => {
      const journal = opened();
      journal.append([release(1)]);
      const before = journal.position();
      disk.room = room;
      expect(() => journal.append([release(2), release(3)])).toThrow('cannot be written');
      expect(() => journal.append([release(4)])).toThrow('cannot be written');
      expect(journal.position()).toEqual(before);
      disk.room = Number.POSITIVE_INFINITY;
      journal.append([release(5)]);
      expect(written()).toEqual([release(1), release(5)]);
      expect(journal.position().position).toBe(fs.statSync(path).size);
      await journal.close(false);
    },
  );

  test('keeps the old journal when a new one cannot be made, and makes it later', async () => {
    const journal = opened();
    journal.append([release(1)]);
    disk.room = 10;
    expect(() => journal.renew([])).toThrow();
    disk.room = Number.POSITIVE_INFINITY;
    journal.append([release(2)]);
    expect(written()).toEqual([release(1), release(2)]);
    const { position } = journal.position();
    journal.renew([]);
    expect(written()).toEqual([]);
    expect(journal.position().position).toBeGreaterThan(position);
    expect(fs.readdirSync(directory)).toEqual(['journal']);
    await journal.close(true);
  });
});

describe('syncing', () => {
  test('lets answers wait only where that was asked for', async () => {
    const journal = opened();
    journal.append([release(1)]);
    expect(journal.durable()).toBeNull();
    await journal.close(true);
  });

  test('covers all that was appended before it, in few syncs for many', async () => {
    const journal = opened('always');
    const waiting = Array.from({ length: 50 }, (_, number) => {
      journal.append([release(number)]);
      return journal.durable();
    });
    expect(disk.syncs).toBe(0);
    await Promise.all(waiting);
    expect(disk.syncs).toBe(1);
    journal.append([release(50)]);
    const first = journal.durable();
    await new Promise(process.nextTick);
    journal.append([release(51)]);
    const second = journal.durable();
    await Promise.all([first, second]);
    expect(disk.syncs).toBe(3);
    await journal.close(true);
  });

  test('that fails is never tried again on the same file: nothing starts until the journal is made anew', async () => {
    const journal = opened('always');
    disk.failsToSync = true;
    journal.append([release(1)]);
    await expect(journal.durable()).rejects.toMatchObject({ code: 'unavailable' });
    disk.failsToSync = false;
    expect(journal.needsRenewal).toBe(true);
    expect(() => journal.requireSound()).toThrow('cannot be synced');
    journal.renew([]);
    journal.requireSound();
    expect(journal.needsRenewal).toBe(false);
    journal.append([release(2)]);
    await journal.durable();
    expect(written()).toEqual([release(2)]);
    await journal.close(true);
  });

  test('goes on in the old file while the journal is made anew, and in the new one afterwards', async () => {
    const journal = opened('always');
    journal.append([release(1)]);
    const running = journal.durable();
    await new Promise(process.nextTick);
    journal.renew([]);
    journal.append([release(2)]);
    await Promise.all([running, journal.durable()]);
    expect(written()).toEqual([release(2)]);
    await journal.close(true);
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  test('happens within a second in the background, once for all of it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const journal = opened();
    for (let number = 0; number < 5; number++) journal.append([release(number)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(disk.syncs).toBe(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(disk.syncs).toBe(1);
    vi.useRealTimers();
    await journal.close(true);
  });
});
