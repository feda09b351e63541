const PIPE = 0x7c;
const BACKSLASH = 0x5c;

/**
 * Splits one line of a GFM table at its unescaped pipes; the pipes at both ends are optional. Cells are trimmed, `\|` in them is `|`.
 * Source: GitHub Flavored Markdown, section 4.10.
 */
export function splitCells(line: string): string[] {
  const text = line.trim();
  const cells: string[] = [];
  let cell = '';
  let from = 0;
  for (let offset = 0; offset < text.length; offset++) {
    if (text.charCodeAt(offset) !== PIPE) continue;
    if (offset > 0 && text.charCodeAt(offset - 1) === BACKSLASH) {
      cell += text.slice(from, offset - 1);
      from = offset;
      continue;
    }
    cells.push((cell + text.slice(from, offset)).trim());
    cell = '';
    from = offset + 1;
  }
  cells.push((cell + text.slice(from)).trim());
  if (cells[0] === '') cells.shift();
  if (cells.at(-1) === '') cells.pop();
  return cells;
}
