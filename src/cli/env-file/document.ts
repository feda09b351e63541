import { parseEnv } from 'node:util';
import { readStatements, type Statement } from './statement.ts';

/** Why no line of an env file can be changed safely. */
export type DocumentRefusalReason =
  | 'nul-byte'
  | 'lone-bom'
  | 'unbalanced-quote'
  | 'several-lines'
  | 'multi-line-value'
  | 'unsafe-line';

export interface ChangedDocument {
  readonly kind: 'changed';
  readonly contents: Buffer;
  readonly change: 'append' | 'replace';
  /** The line, counted from 1, that now holds the variable. */
  readonly line: number;
  /** What the variable was before, without quotes. Undefined when there was none. */
  readonly previousValue: string | undefined;
}

export interface RefusedDocument {
  readonly kind: 'refused';
  readonly reason: DocumentRefusalReason;
  /** The lines concerned, counted from 1. Empty when no line can be blamed. */
  readonly lines: readonly number[];
}

const LONE_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Sets a variable by appending or replacing exactly one line; every other byte stays. `value` must not need quotes.
 * The result is one that both `parseEnv` of Node and `dotenv` read back, with every other variable as before; contents for
 * which that cannot be done are refused.
 */
export function setVariable(contents: Buffer, name: string, value: string): ChangedDocument | RefusedDocument {
  if (contents.includes(0)) return refused('nul-byte', []);
  if (contents.equals(LONE_BOM)) return refused('lone-bom', []);
  const statements = readStatements(decode(contents));
  const unbalanced = statements.filter((statement) => statement.isUnbalanced);
  if (unbalanced.length > 0) return refused('unbalanced-quote', linesOf(unbalanced));
  const [existing, ...duplicates] = statements.filter((statement) => statement.name === name);
  if (existing !== undefined && duplicates.length > 0)
    return refused('several-lines', linesOf([existing, ...duplicates]));
  if (existing !== undefined && existing.lastLine > existing.line)
    return refused('multi-line-value', linesOf([existing]));

  const changed = existing === undefined ? appended(contents, name, value) : replaced(contents, existing, value);
  const isSafe = changed !== undefined && isReadBack(contents, changed.contents, name, value);
  return isSafe ? changed : refused('unsafe-line', existing === undefined ? [] : linesOf([existing]));
}

/** True when both readers find `value` under `name` in contents. */
export function holdsVariable(contents: Buffer, name: string, value: string): boolean {
  return asNodeReads(contents, name).value === value && asDotenvReads(contents, name).value === value;
}

function refused(reason: DocumentRefusalReason, lines: number[]): RefusedDocument {
  return { kind: 'refused', reason, lines };
}

function linesOf(statements: Statement[]): number[] {
  return statements.map((statement) => statement.line);
}

function appended(contents: Buffer, name: string, value: string): ChangedDocument {
  const lastBreak = contents.lastIndexOf(0x0a);
  const lineBreak = lastBreak > 0 && contents[lastBreak - 1] === 0x0d ? '\r\n' : '\n';
  const missingBreak = contents.length === 0 || lastBreak === contents.length - 1 ? '' : lineBreak;
  const before = Buffer.concat([contents, Buffer.from(missingBreak)]);
  const line = bytesAsText(before).split(/\r\n|\n|\r/).length;
  const result = Buffer.concat([before, Buffer.from(`${name}=${value}${lineBreak}`)]);
  return { kind: 'changed', contents: result, change: 'append', line, previousValue: undefined };
}

/** Undefined when the line is not laid out as `export NAME = value # comment`, so that its value cannot be told from the rest. */
function replaced(contents: Buffer, existing: Statement, value: string): ChangedDocument | undefined {
  const { line, name, quote, rawValue } = existing;
  // Lines and their breaks alternate, so the line counted from 1 stands at an even index.
  const parts = bytesAsText(contents).split(/(\r\n|\n|\r)/);
  const index = (line - 1) * 2;
  const match = /^([ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*)(.*)$/s.exec(parts[index] ?? '');
  if (match === null || match[2] !== name) return undefined;
  const [, head = '', , rest = ''] = match;
  const valueEnd = quote === undefined ? rest.search(/[ \t]*(?:#|$)/) : endOfQuoted(rest, quote, rawValue);
  const tail = rest.slice(valueEnd);
  // Shells take `#` for the start of a comment only after white space, and a word after `NAME= ` for a command.
  const start = valueEnd === 0 ? head.trimEnd() : head;
  parts[index] = start + value + (tail.startsWith('#') ? ` ${tail}` : tail);
  const previousValue = isWrapped(rawValue) ? rawValue.slice(1, -1) : rawValue;
  return { kind: 'changed', contents: textAsBytes(parts.join('')), change: 'replace', line, previousValue };
}

/** Quotes are counted, not offsets, because `rawValue` was decoded and `rest` is bytes: a quote is one byte in both. */
function endOfQuoted(rest: string, quote: string, rawValue: string): number {
  let end = 0;
  for (let left = rawValue.split(quote).length - 1; left > 0; left--) end = rest.indexOf(quote, end) + 1;
  return end;
}

function isWrapped(rawValue: string): boolean {
  return /^(['"`]).*\1$/s.test(rawValue);
}

function isReadBack(before: Buffer, after: Buffer, name: string, value: string): boolean {
  if (!holdsVariable(after, name, value)) return false;
  return (
    asNodeReads(before, name).others === asNodeReads(after, name).others &&
    asDotenvReads(before, name).others === asDotenvReads(after, name).others
  );
}

interface Reading {
  readonly value: string | undefined;
  readonly others: string;
}

function asNodeReads(contents: Buffer, name: string): Reading {
  const variables = Object.entries(parseEnv(contents.toString('utf8'))).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  const value = variables.find(([found]) => found === name)?.[1];
  return { value, others: JSON.stringify(variables.filter(([found]) => found !== name)) };
}

function asDotenvReads(contents: Buffer, name: string): Reading {
  const variables = readStatements(decode(contents)).map((statement) => [statement.name, statement.rawValue]);
  const value = variables.findLast(([found]) => found === name)?.[1];
  return { value, others: JSON.stringify(variables.filter(([found]) => found !== name)) };
}

function decode(contents: Buffer): string {
  return contents.toString('utf8').replace(/\r\n?/g, '\n');
}

/** One character for each byte, so that invalid UTF-8 survives surgery. */
function bytesAsText(contents: Buffer): string {
  return contents.toString('latin1');
}

function textAsBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
