import { createParser, type EventSourceMessage } from 'eventsource-parser';
import * as v from 'valibot';
import { eventAnswer, gapAnswer } from '../api/events.ts';
import { OutkitError } from '../core/errors.ts';
import type { TailItem } from '../core/event-service.ts';
import {
  badAnswer,
  type ControlApiOptions,
  DEFAULT_TIMEOUT_MS,
  errorOfProblem,
  parseJson,
  problemOf,
  readBounded,
  send,
  transportError,
} from './control-api.ts';

export interface EventStreamOptions extends ControlApiOptions {
  /** After so long without a byte the connection is taken for cut. The server sends something each 15 s. */
  readonly silenceMs?: number;
}

const DEFAULT_SILENCE_MS = 45_000;
/** No frame is longer: an event is well below 4 KiB. */
const MAX_FRAME_LENGTH = 64 * 1024;
const SEQ_PATTERN = /^\d{1,15}$/;
const EVENT_STREAM_MEDIA_TYPE = 'text/event-stream';

/**
 * The items of a stream of events, behind the one with seq `after`. The first one is a heartbeat: the server has answered. Ends when
 * `signal` says so, else with an error: `unreachable` or `timeout` for a connection that was cut or is silent, `bad_answer` for what is no
 * stream of ours, and what the server says at its end.
 */
export async function* eventStream(
  options: EventStreamOptions,
  path: string,
  after: number | null,
  signal: AbortSignal,
): AsyncGenerator<TailItem, void, undefined> {
  const connection = new AbortController();
  const within = async <Result>(spanMs: number, work: Promise<Result>): Promise<Result> => {
    const timer = setTimeout(() => connection.abort(new DOMException('silent', 'TimeoutError')), spanMs);
    return work.finally(() => clearTimeout(timer));
  };
  try {
    const open = openStream(options, path, after, AbortSignal.any([signal, connection.signal]));
    const body = await within(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, open);
    yield { kind: 'heartbeat' };
    const parse = frameParser(options.url);
    const reader = body.getReader();
    for (;;) {
      // Only while we wait for it: whoever reads slowly has not lost the connection.
      const { done, value } = await within(options.silenceMs ?? DEFAULT_SILENCE_MS, reader.read());
      if (done) throw new OutkitError('unreachable', `${options.url} ended the connection`, 'run the command again');
      for (const item of parse(value)) {
        if (item instanceof OutkitError) throw item;
        yield item;
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    throw transportError(error, options);
  } finally {
    connection.abort();
  }
}

async function openStream(
  options: EventStreamOptions,
  path: string,
  after: number | null,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const headers: Record<string, string> = { accept: EVENT_STREAM_MEDIA_TYPE };
  if (after !== null) headers['last-event-id'] = String(after);
  const response = await send(options, path, { headers, signal });
  if (!response.ok) throw refusalOf(response, await readBounded(response, options), options.url);
  const isStream = (response.headers.get('content-type') ?? '').startsWith(EVENT_STREAM_MEDIA_TYPE);
  if (!isStream || response.body === null) throw badAnswer(options.url);
  return response.body;
}

/** A proxy in front of a server that is away answers with a page of its own: that is no reason to take it for another server. */
function refusalOf(response: Response, text: string, url: string): OutkitError {
  const error = problemOf(response, text, url);
  if (error.code !== 'bad_answer' || response.status < 500) return error;
  return new OutkitError('unavailable', `${url} cannot answer now (${response.status})`, 'run the command again');
}

/** Takes the bytes as they come, and returns the items that they complete. An error is the last item: nothing behind it counts. */
function frameParser(url: string): (bytes: Uint8Array) => readonly (TailItem | OutkitError)[] {
  const decoder = new TextDecoder();
  let items: (TailItem | OutkitError)[] = [];
  const parser = createParser({
    maxBufferSize: MAX_FRAME_LENGTH,
    onEvent: (message) => {
      const item = itemOf(message, url);
      if (item !== null) items.push(item);
    },
    onComment: () => items.push({ kind: 'heartbeat' }),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') items.push(badAnswer(url));
    },
  });
  return (bytes) => {
    items = [];
    parser.feed(decoder.decode(bytes, { stream: true }));
    return items;
  };
}

/** `null` for kinds of frames that a newer server may send. */
function itemOf({ event: kind, id = '', data }: EventSourceMessage, url: string): TailItem | OutkitError | null {
  if (kind === undefined) {
    const read = v.safeParse(eventAnswer, parseJson(data));
    return read.success ? { kind: 'event', event: read.output } : badAnswer(url);
  }
  if (kind === 'gap') {
    const read = v.safeParse(gapAnswer, parseJson(data));
    const isGap = read.success && SEQ_PATTERN.test(id);
    return isGap ? { kind: 'gap', missed: read.output.missed, seq: Number(id) } : badAnswer(url);
  }
  return kind === 'end' ? errorOfProblem(data, url) : null;
}
