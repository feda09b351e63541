import stringWidth from 'string-width';

const ELLIPSIS = '…';

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
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
