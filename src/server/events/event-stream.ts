import { Readable } from 'node:stream';
import { outkitErrorOf } from '../error-response.ts';
import { endFrame, HEARTBEAT_FRAME } from './event-frames.ts';
import type { Tail } from './tail.ts';

const HEARTBEAT_MS = 15_000;
/** Whoever may not see the events any more has lost them 5 s later. */
const CHECK_MS = 4_000;

export interface EventStreamOptions {
  /** Throws when the reader may not see the events any more. */
  readonly checkAgain: () => Promise<void>;
  readonly onClosed: () => void;
}

/**
 * The tail as text for one connection, read as fast as that takes it. Ends with an `end` frame when the tail does, or its reader has lost
 * access; it is closed when the connection is.
 */
export function eventStream(tail: Pick<Tail, 'next' | 'end'>, options: EventStreamOptions): Readable {
  let isReading = false;
  let isChecking = false;
  const heartbeat = setInterval(() => {
    // What waits to be sent says the same.
    if (stream.readableLength === 0) stream.push(HEARTBEAT_FRAME);
  }, HEARTBEAT_MS);
  const check = setInterval(async () => {
    if (isChecking) return;
    isChecking = true;
    await options.checkAgain().catch((error: unknown) => tail.end(outkitErrorOf(error)));
    isChecking = false;
  }, CHECK_MS);
  const stop = () => {
    clearInterval(heartbeat);
    clearInterval(check);
    options.onClosed();
  };
  const pump = async () => {
    try {
      const frames = await tail.next();
      isReading = false;
      stream.push(frames);
    } catch (error) {
      stop();
      if (stream.destroyed) return;
      stream.push(endFrame(outkitErrorOf(error)));
      stream.push(null);
    }
  };
  const stream = new Readable({
    encoding: 'utf8',
    read() {
      if (isReading) return;
      isReading = true;
      void pump();
    },
    destroy(error, done) {
      stop();
      done(error);
    },
  });
  // So that the head of the answer is sent at once.
  stream.push(HEARTBEAT_FRAME);
  return stream;
}
