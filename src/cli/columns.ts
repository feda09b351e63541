import { createRequire } from 'node:module';

const ELLIPSIS = '…';

/** Text whose characters take one column each: Latin, punctuation, arrows and lines. */
const ONE_COLUMN_EACH =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u257f\u2713-\u2718]*$/;

const require = createRequire(import.meta.url);

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  if (ONE_COLUMN_EACH.test(text)) return text.length;
  // Loaded here: the patterns of emoji that it makes at its start are a quarter of what a command takes.
  const { default: stringWidth } = require('string-width') as typeof import('string-width');
  return stringWidth(text);
}

/** The text in at most `width` columns, cut between what people see as characters, with `…` where something was cut. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(kept + segment) > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : kept + ELLIPSIS;
}

/** The text, filled with spaces to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The line, broken at spaces into lines of at most `width` columns. Behind a label, what follows stands under the text. */
export function folded(line: string, width: number): string[] {
  const indent = ' '.repeat(/^\S+ {2,}/.exec(line)?.[0].length ?? 0);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const end = rest.lastIndexOf(' ', width);
    if (end <= indent.length) break;
    lines.push(rest.slice(0, end));
    rest = indent + rest.slice(end + 1);
  }
  return [...lines, rest];
}
