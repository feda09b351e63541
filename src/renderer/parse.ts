import MarkdownIt, { type Token } from 'markdown-it';
import { quoteRule } from './quote-rule.ts';
import type { SourceDocument } from './source-document.ts';
import { tableRule } from './table-rule.ts';

/** A top-level block of a document: its opening token, the tokens inside it, and its lines (from 0, the end not included). */
export interface Segment {
  readonly token: Token;
  readonly inner: readonly Token[];
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * A list counts twice, so nine nested lists are seen, and deeper ones stay in the text of the ninth. It bounds the parser's recursion and
 * how often a line is looked at. The CommonMark preset of markdown-it has the same figure.
 */
const MAX_NESTING = 20;

const parser = new MarkdownIt({ html: true, maxNesting: MAX_NESTING });
// Only blocks: inline markup stays markdown in the props, and inline parsing is where hostile text is expensive.
parser.core.ruler.enableOnly(['normalize', 'block']);
// Without it a reference definition is a paragraph, which is what it is to us: text.
parser.block.ruler.disable('reference');
parser.block.ruler.at('table', tableRule, { alt: ['paragraph'] });
parser.block.ruler.at('blockquote', quoteRule, { alt: ['paragraph', 'blockquote', 'list'] });

/** The top-level blocks in document order. Blank lines between them belong to none. */
export function parse(document: SourceDocument): Segment[] {
  const tokens = parser.parse(document.text, {});
  const segments: Segment[] = [];
  let opening = 0;
  tokens.forEach((token, index) => {
    if (token.level > 0) return;
    if (token.nesting > 0) {
      opening = index;
      return;
    }
    const first = token.nesting === 0 ? token : tokens[opening];
    if (!first?.map) return;
    const inner = token.nesting === 0 ? [] : tokens.slice(opening + 1, index);
    segments.push({ token: first, inner, startLine: first.map[0], endLine: first.map[1] });
  });
  return segments;
}
