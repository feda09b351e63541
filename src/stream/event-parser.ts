import { tooLarge } from './stream-error.ts';

/** An event of a stream. */
export interface ServerSentEvent {
  /** `message` when the stream names none. */
  readonly type: string;
  readonly data: string;
}

/**
 * Interprets an event stream (WHATWG HTML, section 9.2.6) of which it gets the text piece by piece, cut anywhere, without a byte order
 * mark. Each call gives the events that the piece completes. `id` and `retry` mean nothing here, since nothing is asked for again. Throws
 * `stream_too_large` for an event or a line over `maxLength` UTF-16 units, wherever the pieces were cut.
 */
export function eventParser(maxLength: number): (text: string) => Generator<ServerSentEvent, void, undefined> {
  let line = '';
  let type = '';
  let data = '';
  let endedInCr = false;

  const append = (text: string) => {
    line += text;
    if (data.length + line.length > maxLength) throw tooLarge();
  };
  const interpret = () => {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data += `${value}\n`;
    if (field === 'event') type = value;
  };
  const dispatched = (): ServerSentEvent | undefined => {
    const event = data === '' ? undefined : { type: type || 'message', data: data.slice(0, -1) };
    type = '';
    data = '';
    return event;
  };
  return function* feed(text) {
    // The second half of a CRLF, whose first half ended a line already.
    const lines = (endedInCr ? text.replace(/^\n/, '') : text).split(/\r\n|\r|\n/);
    if (text !== '') endedInCr = text.endsWith('\r');
    const unfinished = lines.pop() ?? '';
    for (const end of lines) {
      append(end);
      const event = line === '' ? dispatched() : undefined;
      interpret();
      line = '';
      if (event !== undefined) yield event;
    }
    append(unfinished);
  };
}
