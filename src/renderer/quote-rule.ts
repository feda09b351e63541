import type { StateBlock } from 'markdown-it';

const GREATER_THAN = 0x3e;
const CODE_INDENT_COLUMNS = 4;
/** Only so much of a line is looked at to tell what it is; deeper nesting counts as a paragraph. */
const MAX_HEAD_LENGTH = 200;
const CONTAINER_MARKERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*/;
const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})/;
/** Blank, heading, table row, setext underline, thematic break: the next line cannot continue a paragraph. */
const NO_PARAGRAPH = /^(?:$|#{1,6}(?:[ \t]|$)|\||=+[ \t]*$|(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$|(?:_[ \t]*){3,}$)/;

/**
 * Quotations as one token that covers their lines. Takes the place of markdown-it's own rule, which looks ahead over all
 * lines that might lazily continue the quotation and then often uses one of them: `> #` and `a` by turns cost quadratic time.
 * Whether a line without `>` continues the quotation is decided from the line before it alone, close to CommonMark (section 5.1).
 */
export function quoteRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (!isQuoted(state, startLine)) return false;
  if (silent) return true;
  const terminators = state.md.block.ruler.getRules('blockquote');
  let inParagraph = false;
  let openFence: string | undefined;
  let line = startLine;
  for (; line < endLine && !state.isEmpty(line); line++) {
    const lazyLine = line;
    if (!isQuoted(state, line)) {
      if (!inParagraph || terminators.some((terminates) => terminates(state, lazyLine, endLine, true))) break;
      continue;
    }
    const content = contentHead(state, line);
    const fence = FENCE.exec(content)?.[1];
    if (openFence !== undefined) {
      if (fence?.startsWith(openFence) && content.trimEnd() === fence) openFence = undefined;
      inParagraph = false;
    } else {
      openFence = fence;
      inParagraph = fence === undefined && !NO_PARAGRAPH.test(content);
    }
  }
  const token = state.push('blockquote', 'blockquote', 0);
  token.map = [startLine, line];
  state.line = line;
  return true;
}

function isQuoted(state: StateBlock, line: number): boolean {
  const indent = (state.sCount[line] ?? 0) - state.blkIndent;
  if (indent < 0 || indent >= CODE_INDENT_COLUMNS) return false;
  return state.src.charCodeAt((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0)) === GREATER_THAN;
}

/** The beginning of a quoted line without the markers of the containers it is in. */
function contentHead(state: StateBlock, line: number): string {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  const head = state.src.slice(start, Math.min(start + MAX_HEAD_LENGTH, state.eMarks[line] ?? start));
  return head.replace(CONTAINER_MARKERS, '');
}
