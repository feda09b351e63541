const TAB_STOP = 4;

/** How many columns a text takes when it starts at `column`; a tab reaches the next multiple of four (CommonMark, section 2.2). */
export function columnAfter(text: string, column: number): number {
  let reached = column;
  for (let offset = 0; offset < text.length; offset++) {
    reached += text.charCodeAt(offset) === 0x09 ? TAB_STOP - (reached % TAB_STOP) : 1;
  }
  return reached;
}

/** The line without up to `columns` columns of leading white space; what is left of a tab stays as spaces. */
export function dedent(line: string, columns: number): string {
  let column = 0;
  let offset = 0;
  while (column < columns) {
    const code = line.charCodeAt(offset);
    if (code !== 0x20 && code !== 0x09) break;
    column = columnAfter(line.charAt(offset), column);
    offset++;
  }
  return ' '.repeat(Math.max(0, column - columns)) + line.slice(offset);
}
