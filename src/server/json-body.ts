import { OutkitError } from '../core/errors.ts';

const MAX_DEPTH = 32;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Names that libraries skip silently, or that reach the prototype of an object. No route has them. */
const RESERVED_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * Parses a JSON body strictly: one object in UTF-8 without a byte order mark, nothing twice in one object, at most 32 levels deep.
 * Throws `bad_request`, and says what is wrong without repeating any of it.
 */
export function parseJsonBody(body: Uint8Array): object {
  const text = decoded(body);
  checkDepth(text);
  const value = parsed(text);
  // Everything may be left out of some bodies, and a list would pass for an object without members.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('is not a JSON object');
  checkMembers(text);
  return value;
}

function decoded(body: Uint8Array): string {
  try {
    return decoder.decode(body);
  } catch {
    throw malformed('is not valid UTF-8');
  }
}

/** Before parsing, so that a deep body costs nothing. */
function checkDepth(text: string): void {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_DEPTH) throw malformed(`nests deeper than ${MAX_DEPTH} levels`);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('is not valid JSON');
  }
}

/** `text` is valid JSON: a string that a colon follows is a member name. JSON.parse keeps the last of two, other parsers the first. */
function checkMembers(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === OPEN_BRACE) open.push(new Set());
    else if (code === OPEN_BRACKET) open.push(null);
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) open.pop();
    else if (code === QUOTE) {
      const end = endOfString(text, index);
      const names = open.at(-1);
      if (names && isFollowedByColon(text, end)) {
        const name = JSON.parse(text.slice(index, end + 1)) as string;
        if (names.has(name)) throw malformed('has a member twice');
        if (RESERVED_NAMES.includes(name)) throw malformed('has a member with a reserved name');
        names.add(name);
      }
      index = end;
    }
  }
}

/** Index of the quote that ends the string at `start`; the text's length when there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function isFollowedByColon(text: string, end: number): boolean {
  let index = end + 1;
  while (/\s/.test(text.charAt(index))) index += 1;
  return text.charAt(index) === ':';
}

function malformed(what: string): OutkitError {
  return new OutkitError('bad_request', `The body ${what}`, 'send one JSON object in UTF-8');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
