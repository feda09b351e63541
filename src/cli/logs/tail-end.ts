import type { Io } from '../io.ts';

export interface TailEnd {
  /** Aborts when somebody or something ends the watching. */
  readonly signal: AbortSignal;
  /** Of the command, after the signal. */
  exitCode(): number;
  release(): void;
}

const TERMINATED = 143;

/**
 * What ends the watching of a log: Ctrl-C and a reader that goes away, which are how it is meant to end, and SIGTERM. A second Ctrl-C ends
 * the process whatever it is doing.
 */
export function takeEnd(io: Pick<Io, 'onSignal' | 'onOutputClosed' | 'stderr'>): TailEnd {
  const ending = new AbortController();
  let exitCode = 0;
  const release = () => {
    for (const giveBack of [giveInterrupt, giveTerminate]) giveBack();
  };
  const giveInterrupt = io.onSignal('SIGINT', () => {
    release();
    // Behind the `^C` that a terminal shows.
    if (io.stderr.isTTY) io.stderr.write('\n');
    ending.abort();
  });
  const giveTerminate = io.onSignal('SIGTERM', () => {
    release();
    exitCode = TERMINATED;
    ending.abort();
  });
  io.onOutputClosed(() => ending.abort());
  return { signal: ending.signal, exitCode: () => exitCode, release };
}
