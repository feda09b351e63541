import type { StoredEvent } from '../../core/render-event.ts';
import { maskedStart } from '../../core/secret.ts';
import { padded, shorten } from '../columns.ts';
import { formatMs } from '../duration.ts';
import type { Io } from '../io.ts';
import type { Colours, Output } from '../output.ts';
import { localDay, localTimeOfDay } from '../relative-time.ts';
import { visible } from '../visible-text.ts';

/** What people read of an event: texts without colour, safe for a terminal. */
interface EventTexts {
  readonly time: string;
  readonly status: string;
  readonly duration: string;
  readonly name: string;
  readonly masked: string;
  readonly method: string;
  readonly path: string;
  readonly note: string;
}

/** Why it was refused, in a word or two. */
const VERDICT_WORDS: Readonly<Record<StoredEvent['verdict'], string>> = {
  accepted: '',
  missing: 'no key',
  malformed: 'no key of ours',
  unknown: 'unknown key',
  revoked: 'revoked',
  superseded: 'old secret',
  expired: 'expired',
  archived: 'archived',
  rate_limited: 'over limit',
  unavailable: 'unavailable',
};

/** Below this, each event takes two lines. */
const MIN_TABLE_COLUMNS = 76;
const WIDE_COLUMNS = 100;
const DURATION_WIDTH = 6;
const MASKED_WIDTH = 16;
/** `over limit ×12` */
const NOTE_WIDTH = 14;
const TIME_AND_STATUS_WIDTH = 8 + 3;
/** `/render/enhance`, and with its method. */
const PATH_WIDTH = 15;
const ROUTE_WIDTH = 20;
const MAX_ROUTE_WIDTH = 40;
const [LEAST_NAME_WIDTH, NAME_WIDTH, MAX_NAME_WIDTH] = [8, 12, 24];

/**
 * Shows events to people, one call for each, in the columns that the terminal has at that time: a line, or two where a line does not fit.
 * A line with the date comes before the first event of another day.
 */
export function eventView(io: Io, output: Output): (event: StoredEvent) => void {
  const { colours } = output;
  let day = localDay(io.now());
  return (event) => {
    const eventDay = localDay(event.at);
    if (eventDay !== day) output.line(colours.dim(`── ${eventDay} ──`));
    day = eventDay;
    const { columns } = io.stdout;
    const texts = textsOf(event);
    const paint = paintOf(event, colours);
    if (columns >= MIN_TABLE_COLUMNS) output.line(tableLine(texts, paint, columns, colours));
    else for (const line of card(texts, paint, columns, colours)) output.line(line);
  };
}

function textsOf(event: StoredEvent): EventTexts {
  return {
    time: localTimeOfDay(event.at),
    status: String(event.status),
    duration: formatMs(event.durationUs / 1000),
    name: visible(event.keyName),
    masked: maskedStart(visible(event.start)),
    method: visible(event.method),
    path: visible(event.path),
    note: noteOf(event),
  };
}

/** `5 blocks`, or why there are none; then for how many requests the line stands. */
function noteOf({ verdict, blocks, isInterrupted, count }: StoredEvent): string {
  const blocksText = blocks === null ? '' : `${blocks} ${blocks === 1 ? 'block' : 'blocks'}`;
  const what = isInterrupted ? 'interrupted' : VERDICT_WORDS[verdict] || blocksText;
  const times = count > 1 ? ` ×${count}` : '';
  // The number is never cut.
  return (shorten(what, NOTE_WIDTH - times.length) + times).trimStart();
}

function tableLine(texts: EventTexts, paint: Paint, columns: number, { dim }: Colours): string {
  const gap = columns < WIDE_COLUMNS ? ' ' : '  ';
  const fixed = TIME_AND_STATUS_WIDTH + DURATION_WIDTH + MASKED_WIDTH + NOTE_WIDTH + 6 * gap.length;
  const room = columns - fixed;
  const withMethod = room >= NAME_WIDTH + ROUTE_WIDTH;
  const forName = room - (withMethod ? ROUTE_WIDTH : PATH_WIDTH);
  const nameWidth = Math.min(MAX_NAME_WIDTH, Math.max(LEAST_NAME_WIDTH, forName));
  const routeWidth = Math.min(MAX_ROUTE_WIDTH, room - nameWidth);
  const route = withMethod ? `${texts.method} ${texts.path}` : texts.path;
  const cells = [
    dim(texts.time),
    paint.status(texts.status),
    dim(texts.duration.padStart(DURATION_WIDTH)),
    padded(shorten(texts.name, nameWidth), nameWidth),
    dim(padded(shorten(texts.masked, MASKED_WIDTH), MASKED_WIDTH)),
    padded(shorten(route, routeWidth), routeWidth),
  ];
  return withNote(cells.join(gap), gap, texts.note, paint);
}

function card(texts: EventTexts, paint: Paint, columns: number, { bold, dim }: Colours): readonly string[] {
  const { time, status, duration, name, masked, method, path, note } = texts;
  const nameWidth = Math.max(1, columns - TIME_AND_STATUS_WIDTH - duration.length - 3);
  const routeWidth = Math.max(1, columns - MASKED_WIDTH - 4 - (note === '' ? 0 : note.length + 1));
  const route = shorten(`${method} ${path}`, routeWidth);
  return [
    `${dim(time)} ${paint.status(status)} ${bold(shorten(name, nameWidth))} ${dim(duration)}`,
    withNote(`  ${dim(masked)}  ${route}`, ' ', note, paint),
  ];
}

/** No line ends with spaces: where it just fits, a terminal would break it. */
function withNote(line: string, gap: string, note: string, paint: Paint): string {
  return note === '' ? line.trimEnd() : line + gap + paint.note(note);
}

interface Paint {
  readonly status: (text: string) => string;
  readonly note: (text: string) => string;
}

function paintOf({ status, verdict, isInterrupted }: StoredEvent, colours: Colours): Paint {
  const { red, yellow, cyan, green, dim } = colours;
  const byStatus = status >= 500 ? red : status >= 400 ? yellow : status >= 300 ? cyan : green;
  return { status: byStatus, note: isInterrupted ? red : verdict === 'accepted' ? dim : byStatus };
}
