import type { StateBlock } from 'markdown-it';
import { splitCells } from './cells.ts';

const DELIMITER_CELL = /^[ \t]*:?-+:?[ \t]*$/;
const DELIMITER_STARTS = new Set(['|', '-', ':']);
const CODE_INDENT = 4;

/**
 * GFM tables as one token that covers their lines; cells are split later, for the tables that become components.
 * Takes the place of markdown-it's own rule, which makes three tokens for a cell and fills short rows up: 1.4 KB of
 * markdown can make it build 65,536 cells, so that half a megabyte exhausts the heap.
 */
export function tableRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (!startsTable(state, startLine, endLine)) return false;
  if (silent) return true;
  const terminators = state.md.block.ruler.getRules('blockquote');
  let line = startLine + 2;
  while (line < endLine && !state.isEmpty(line) && isOutsideCode(state, line)) {
    const row = line;
    if (terminators.some((terminates) => terminates(state, row, endLine, true))) break;
    line++;
  }
  const token = state.push('table', 'table', 0);
  token.map = [startLine, line];
  state.line = line;
  return true;
}

function startsTable(state: StateBlock, startLine: number, endLine: number): boolean {
  const delimiterLine = startLine + 1;
  if (delimiterLine >= endLine) return false;
  if (!isOutsideCode(state, startLine) || !isOutsideCode(state, delimiterLine)) return false;
  const delimiters = textOf(state, delimiterLine).trim();
  if (!DELIMITER_STARTS.has(delimiters.charAt(0)) || /^-\s/.test(delimiters)) return false;
  const header = textOf(state, startLine).trim();
  if (!header.includes('|')) return false;
  const cells = splitCells(delimiters);
  if (cells.length === 0 || !cells.every((cell) => DELIMITER_CELL.test(cell))) return false;
  return cells.length === splitCells(header).length;
}

function isOutsideCode(state: StateBlock, line: number): boolean {
  const indent = (state.sCount[line] ?? 0) - state.blkIndent;
  return indent >= 0 && indent < CODE_INDENT;
}

function textOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}
