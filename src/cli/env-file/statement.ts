/** One assignment in an env file, as the `dotenv` package reads it. Lines count from 1. */
export interface Statement {
  readonly name: string;
  /** The line that holds the name. */
  readonly line: number;
  /** The line on which the value ends. */
  readonly lastLine: number;
  /** The value as it stands in the file, with its quotes, without surrounding white space. */
  readonly rawValue: string;
  readonly quote: string | undefined;
  /** The value starts with a quote that nothing closes: readers disagree on where such a value ends. */
  readonly isUnbalanced: boolean;
}

interface Span {
  readonly name: string;
  readonly nameAt: number;
  readonly valueAt: number;
  readonly end: number;
  readonly quote: string | undefined;
}

/**
 * Reads an env file as `dotenv` does (its regular expression, version 16 to 18), in time that grows with the length only.
 * Expects the text with `\n` as its only line break; a test compares it with the package itself.
 */
export function readStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let line = 1;
  let counted = 0;
  const lineAt = (position: number): number => {
    for (; counted < position; counted++) if (text.charCodeAt(counted) === 0x0a) line++;
    return line;
  };
  let at = 0;
  while (at < text.length) {
    const start = skip(/\s*/y, text, at);
    const span = spanAt(text, start);
    if (span !== undefined) {
      const rawValue = text.slice(span.valueAt, span.end).trim();
      const isUnbalanced = span.quote === undefined && /^(['"`])(?!.*\1)/s.test(rawValue);
      const firstLine = lineAt(span.nameAt);
      statements.push({
        name: span.name,
        line: firstLine,
        lastLine: lineAt(span.end),
        rawValue,
        quote: span.quote,
        isUnbalanced,
      });
    }
    at = skip(/.*[\n\u2028\u2029]?/y, text, span?.end ?? start);
  }
  return statements;
}

function spanAt(text: string, start: number): Span | undefined {
  const nameAt = skip(/(?:export\s+(?=[\w.-]))?/y, text, start);
  const nameEnd = skip(/[\w.-]*/y, text, nameAt);
  const valueAt = skip(/(?:\s*=|:\s)?/y, text, nameEnd);
  if (nameEnd === nameAt || valueAt === nameEnd) return undefined;
  const name = text.slice(nameAt, nameEnd);
  const quoteAt = skip(/\s*/y, text, valueAt);
  const closed = closingQuote(text, quoteAt);
  if (closed !== undefined) return { name, nameAt, valueAt, end: closed + 1, quote: text.charAt(quoteAt) };
  return { name, nameAt, valueAt, end: skip(/[^#\n]*/y, text, valueAt), quote: undefined };
}

/**
 * Where the value opened at `open` ends: at the first quote without a backslash before it, else, when more than a comment
 * follows that one, at the last quote before it after which only a comment does.
 */
function closingQuote(text: string, open: number): number | undefined {
  const quote = text.charAt(open);
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  const onlyComment = /[^\S\n\u2028\u2029]*(?:[#\n\u2028\u2029]|$)/y;
  let closing: number | undefined;
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    onlyComment.lastIndex = at + 1;
    if (onlyComment.test(text)) closing = at;
    if (text.charAt(at - 1) !== '\\') break;
  }
  return closing;
}

/** The position after what the sticky expression matches at `at`; each of them matches the empty string too. */
function skip(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  sticky.test(text);
  return Math.max(at, sticky.lastIndex);
}
