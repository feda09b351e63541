const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Markdown as it came, with the offsets of its lines, so that a range of lines is an exact slice of the original.
 * A line ends at LF, CR LF or a lone CR (CommonMark 0.31.2, section 2.1). Offsets count UTF-16 code units, lines count from 0.
 */
export class SourceDocument {
  readonly source: string;
  readonly #lineStarts: number[];

  constructor(source: string) {
    this.source = source;
    // A byte order mark is no part of the first line: `\uFEFF# Title` is a heading.
    this.#lineStarts = [source.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0];
    for (let offset = 0; offset < source.length; offset++) {
      const code = source.charCodeAt(offset);
      if (code === LINE_FEED || (code === CARRIAGE_RETURN && source.charCodeAt(offset + 1) !== LINE_FEED)) {
        this.#lineStarts.push(offset + 1);
      }
    }
  }

  /** What a parser should see: the source without its byte order mark. */
  get text(): string {
    return this.source.slice(this.offsetOfLine(0));
  }

  /** Where a line begins; the length of the source for a line after the last one. */
  offsetOfLine(line: number): number {
    return this.#lineStarts[line] ?? this.source.length;
  }

  /** The lines from `start` up to, not including, `end`, with their line ends. */
  slice(start: number, end: number): string {
    return this.source.slice(this.offsetOfLine(start), this.offsetOfLine(end));
  }

  /** One line without its line end. */
  line(line: number): string {
    const start = this.offsetOfLine(line);
    let end = this.offsetOfLine(line + 1);
    if (end > start && this.source.charCodeAt(end - 1) === LINE_FEED) end--;
    if (end > start && this.source.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
    return this.source.slice(start, end);
  }

  /** The lines from `start` up to, not including, `end`, each without its line end. */
  lines(start: number, end: number): string[] {
    const lines: string[] = [];
    for (let line = start; line < end; line++) lines.push(this.line(line));
    return lines;
  }
}
