import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Machine, type MachineOptions } from './machine.fixture.ts';
import { openOutput } from './output.ts';
import { openProgress, withProgress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a person has seen of two lines that were shown after `waitMs`, a moment apart. */
async function seen(waitMs: number, options: MachineOptions, json = false): Promise<string> {
  const io = (await Machine.start()).io(options);
  const progress = openProgress({ io, output: openOutput(io, { json, colour: null }) });
  vi.advanceTimersByTime(waitMs);
  progress.show('1024 objects');
  progress.show('2048 objects');
  vi.advanceTimersByTime(100);
  progress.show('a line of more than ten columns');
  progress.clear();
  return io.written.stderr;
}

describe('progress', () => {
  it('is a line on a terminal after a second, not too often, no wider than it, and gone in the end', async () => {
    expect(await seen(1_000, { tty: true, columns: 20 })).toBe('\r1024 objects\ra line of more than\r\x1b[2K');
  });

  it.each(['done', 'failed'])(
    'of one piece of work is gone when that is %s, and writes nothing behind it',
    async (how) => {
      const io = (await Machine.start()).io({ tty: true });
      const context = { io, output: openOutput(io, { json: false, colour: null }) };
      const working = withProgress('Waiting', context, async () => {
        vi.advanceTimersByTime(1_000);
        expect(io.written.stderr).toBe('\rWaiting');
        if (how === 'failed') throw new Error(how);
        return how;
      });
      expect(await working.catch(({ message }) => message)).toBe(how);
      vi.advanceTimersByTime(1_000);
      expect(io.written.stderr).toBe('\rWaiting\r\x1b[2K');
    },
  );

  it.each([
    ['in the first second', 800, { tty: true }, false],
    ['on a pipe', 1_000, {}, false],
    ['with --json', 1_000, { tty: true }, true],
    ['on a dumb terminal', 1_000, { tty: true, env: { TERM: 'dumb' } }, false],
  ])('is nothing %s', async (_, waitMs, options, json) => {
    expect(await seen(waitMs, options, json)).toBe('');
  });
});
