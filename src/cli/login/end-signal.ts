import { OutkitError } from '../../core/errors.ts';
import type { Io } from '../io.ts';

export interface EndSignal {
  /** Aborts at the first SIGINT or SIGTERM; its reason is the error to end with. */
  readonly signal: AbortSignal;
  release(): void;
}

/** Takes the signals over that end a command, once: the second one ends it whatever it is doing. */
export function takeEndSignal(io: Pick<Io, 'onSignal' | 'stderr'>): EndSignal {
  const ending = new AbortController();
  const end = (error: OutkitError) => {
    release();
    // Behind the `^C` that a terminal shows.
    if (io.stderr.isTTY) io.stderr.write('\n');
    ending.abort(error);
  };
  const giveBack = [
    io.onSignal('SIGINT', () => end(new OutkitError('cancelled', 'Cancelled: nobody was logged in'))),
    io.onSignal('SIGTERM', () => end(new OutkitError('terminated', 'Ended by SIGTERM: nobody was logged in'))),
  ];
  const release = () => {
    for (const give of giveBack) give();
  };
  return { signal: ending.signal, release };
}
