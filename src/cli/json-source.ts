/** Where a field of the outermost object stands: the line of its name, counted from 1, and the characters of its value. */
export interface JsonField {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A JSON text that knows its places: the value and each field of the outermost object, or the line where it stops being JSON. */
export type JsonSource =
  | { readonly kind: 'json'; readonly value: unknown; readonly fields: ReadonlyMap<string, JsonField> }
  | { readonly kind: 'not_json'; readonly line: number };

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y;

const MAX_DEPTH = 64;

/** `JSON.parse` tells no position for most errors, and never the line of a field; this reads the grammar of RFC 8259 once more for both. */
export function readJsonSource(text: string): JsonSource {
  const fields = new Map<string, JsonField>();
  const reader = new TokenReader(text);
  if (!skipFrom(reader.next(), reader, 0, fields) || !reader.isAtEnd())
    return { kind: 'not_json', line: reader.line() };
  return { kind: 'json', value: JSON.parse(text), fields };
}

class TokenReader {
  readonly #text: string;
  #start = 0;
  #end = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token, or `null` where none begins. */
  next(): string | null {
    TOKEN.lastIndex = this.#end;
    const match = TOKEN.exec(this.#text);
    this.#skipSpace();
    if (match === null) return null;
    this.#end = TOKEN.lastIndex;
    return this.#text.slice(this.#start, this.#end);
  }

  isAtEnd(): boolean {
    this.next();
    return this.#start === this.#text.length;
  }

  /** Index of the first character of the latest token. */
  start(): number {
    return this.#start;
  }

  /** Index behind the latest token. */
  end(): number {
    return this.#end;
  }

  /** Line of the latest token, counted from 1. */
  line(): number {
    return this.#line;
  }

  #skipSpace(): void {
    this.#start = this.#end;
    while (' \t\r\n'.includes(this.#text.charAt(this.#start)) && this.#start < this.#text.length) {
      if (this.#text.charAt(this.#start) === '\n') this.#line++;
      this.#start++;
    }
  }
}

function skipFrom(token: string | null, reader: TokenReader, depth: number, fields: Map<string, JsonField>): boolean {
  if (token === null || depth > MAX_DEPTH) return false;
  if (token === '{') return skipObject(reader, depth, fields);
  if (token === '[') return skipArray(reader, depth, fields);
  return !'}],:'.includes(token);
}

function skipObject(reader: TokenReader, depth: number, fields: Map<string, JsonField>): boolean {
  let token = reader.next();
  if (token === '}') return true;
  for (;;) {
    if (token === null || !token.startsWith('"')) return false;
    const line = reader.line();
    if (reader.next() !== ':') return false;
    const first = reader.next();
    const start = reader.start();
    if (!skipFrom(first, reader, depth + 1, fields)) return false;
    if (depth === 0) fields.set(JSON.parse(token), { line, start, end: reader.end() });
    token = reader.next();
    if (token === '}') return true;
    if (token !== ',') return false;
    token = reader.next();
  }
}

function skipArray(reader: TokenReader, depth: number, fields: Map<string, JsonField>): boolean {
  let token = reader.next();
  if (token === ']') return true;
  for (;;) {
    if (!skipFrom(token, reader, depth + 1, fields)) return false;
    token = reader.next();
    if (token === ']') return true;
    if (token !== ',') return false;
    token = reader.next();
  }
}
