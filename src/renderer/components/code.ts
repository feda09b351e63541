import * as v from 'valibot';
import { type Built, countOf } from '../built.ts';
import { dedent } from '../indentation.ts';
import type { Segment } from '../parse.ts';
import type { SourceDocument } from '../source-document.ts';

/** Source code of a fenced or an indented block, without the end of its last line. */
export const codeProps = v.strictObject({
  code: v.string(),
  /** First word after the fence, as written. */
  language: v.exactOptional(v.string()),
  /** What follows the language on the fence line. */
  info: v.exactOptional(v.string()),
});

export type CodeProps = v.InferOutput<typeof codeProps>;

const CODE_INDENT_COLUMNS = 4;
const FENCE_INDENT = /^ {0,3}/;

/** A fenced block. One that is never closed reaches to the end of the document (CommonMark, section 4.5). */
export function buildFence(segment: Segment, document: SourceDocument): Built<'code', CodeProps> {
  const [language = '', ...info] = segment.token.info.trim().split(/\s+(.*)/s);
  const rest = info.join('');
  const code = fenceContent(segment, document);
  const props = { code, ...(language && { language }), ...(rest && { info: rest }) };
  return { component: 'code', props, confidence: 1, description: describe(code) };
}

/** An indented block: code by CommonMark, now and then only a stray indentation, hence the confidence. */
export function buildIndentedCode(segment: Segment, document: SourceDocument): Built<'code', CodeProps> {
  const lines = document.lines(segment.startLine, segment.endLine).map((line) => dedent(line, CODE_INDENT_COLUMNS));
  const code = lines.join('\n').trimEnd();
  return { component: 'code', props: { code }, confidence: 0.6, description: describe(code) };
}

/** What is between the fences, from the original: the parser's own text has other line ends and no NUL. */
export function fenceContent(segment: Segment, document: SourceDocument): string {
  const { startLine, endLine, token } = segment;
  const lastLine = document
    .line(endLine - 1)
    .replace(FENCE_INDENT, '')
    .trimEnd();
  const marker = token.markup.charAt(0);
  const isClosed =
    endLine - 1 > startLine && lastLine.length >= token.markup.length && lastLine === marker.repeat(lastLine.length);
  const indent = document.line(startLine).search(/[^ ]/);
  const lines = document.lines(startLine + 1, isClosed ? endLine - 1 : endLine);
  return (indent > 0 ? lines.map((line) => dedent(line, indent)) : lines).join('\n');
}

function describe(code: string): string {
  return countOf(code === '' ? 0 : code.split('\n').length, 'line');
}
