import type { Token } from 'markdown-it';
import { columnAfter, dedent } from './indentation.ts';
import type { SourceDocument } from './source-document.ts';

/** A list of the document with the lines it takes (from 0, the end not included). */
export interface List {
  readonly ordered: boolean;
  /** Number of the first item; 1 for a bullet list. */
  readonly start: number;
  readonly startLine: number;
  readonly endLine: number;
  readonly items: ListItem[];
}

export interface ListItem {
  readonly startLine: number;
  readonly endLine: number;
  /** Markdown of the paragraph that the item opens with; undefined when it opens with something else. */
  readonly lead: string | undefined;
  /** Lists directly in the item. */
  readonly lists: List[];
}

const ITEM_MARKER = /^([ \t]*)([-*+]|\d{1,9}[.)])([ \t]*)/;
const MAX_MARKER_PADDING_COLUMNS = 4;

/** The list that `opening` opens, from the tokens inside it, in one pass over them. */
export function readList(opening: Token, inner: readonly Token[]): List {
  const root = emptyList(opening);
  const open = [{ list: root, level: opening.level }];
  for (const [index, token] of inner.entries()) {
    const top = open.at(-1);
    if (!top) break;
    // Levels tell what belongs to the innermost list: its items are one deeper, their content two.
    if (token.type === 'list_item_open' && token.level === top.level + 1) {
      const [startLine, endLine] = linesOf(token);
      const lead = inner[index + 1]?.type === 'paragraph_open' ? inner[index + 2]?.content : undefined;
      top.list.items.push({ startLine, endLine, lead, lists: [] });
    } else if (token.type.endsWith('_list_open') && token.level === top.level + 2) {
      const list = emptyList(token);
      top.list.items.at(-1)?.lists.push(list);
      open.push({ list, level: token.level });
    } else if (token.type.endsWith('_list_close') && token.level === top.level) {
      open.pop();
    }
  }
  return root;
}

/** Markdown of an item from its first line up to, not including, `endLine`: without marker, indentation and trailing blank lines. */
export function itemMarkdown(document: SourceDocument, item: ListItem, endLine: number): string {
  const [first = '', ...rest] = document.lines(item.startLine, endLine);
  const [whole = '', indent = '', marker = '', padding = ''] = ITEM_MARKER.exec(first) ?? [];
  const markerEnd = columnAfter(indent, 0) + marker.length;
  const paddingColumns = columnAfter(padding, markerEnd) - markerEnd;
  // More padding than that begins indented code inside the item, and an empty first line has none (CommonMark, section 5.2).
  const isPaddingContent = whole.length === first.length || paddingColumns > MAX_MARKER_PADDING_COLUMNS;
  const contentColumn = markerEnd + (isPaddingContent ? 1 : paddingColumns);
  const unmarked = indent + ' '.repeat(marker.length) + first.slice(indent.length + marker.length);
  const content = [unmarked, ...rest].map((line) => dedent(line, contentColumn)).join('\n');
  // The content may begin on the line after the marker.
  return content.replace(/^[ \t]*\n/, '').trimEnd();
}

function emptyList(opening: Token): List {
  const [startLine, endLine] = linesOf(opening);
  const start = Number(opening.attrGet('start') ?? 1);
  return { ordered: opening.type === 'ordered_list_open', start, startLine, endLine, items: [] };
}

function linesOf(token: Token): [number, number] {
  return token.map ?? [0, 0];
}
