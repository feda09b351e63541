import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { OutkitError } from '../core/errors.ts';
import { shellWord } from './command-line.ts';
import { type JsonField, readJsonSource } from './json-source.ts';

const MAX_BYTES = 64 * 1024;
const ROOT = 0;

export interface TextFileRule {
  /** Only a file of the user or of root will do: who owns a file can write it, whatever its mode. */
  readonly ownOnly?: boolean;
  /** What to do when there is no such file. */
  readonly missingHint?: string | null;
}

/** An object of a JSON file, and where its fields stand. */
export interface JsonObject {
  readonly value: object;
  readonly fields: ReadonlyMap<string, JsonField>;
}

/**
 * The text of a file that people write. Opens it without waiting, so that a FIFO cannot hang us, and asks the opened file itself, so
 * that nobody can swap it in between. Throws `invalid_config` with the path and line of what is wrong.
 */
export async function readTextFile(
  path: string,
  userId: number | null,
  { ownOnly = false, missingHint = null }: TextFileRule = {},
): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw invalidFile(path, null, 'does not exist', missingHint);
      throw invalidFile(path, null, `cannot be read: ${error.code}`);
    },
  );
  const stats = await file.stat();
  if (!stats.isFile()) throw invalidFile(path, null, 'is not a file');
  if (userId !== null && stats.uid !== userId && (stats.mode & 0o022) !== 0) {
    throw invalidFile(path, null, 'belongs to another user and others can write it', `chmod go-w ${shellWord(path)}`);
  }
  if (ownOnly && userId !== null && ![userId, ROOT].includes(stats.uid)) {
    throw invalidFile(path, null, 'belongs to another user', `if you trust it, --config ${shellWord(path)}`);
  }
  if (stats.size > MAX_BYTES) throw invalidFile(path, 1, `is larger than ${MAX_BYTES / 1024} KiB`);
  const bytes = await file.readFile();
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw invalidFile(path, 1, 'starts with a byte order mark', 'save it as UTF-8 without BOM');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidFile(path, 1, 'is not UTF-8');
  }
}

/** The one object that the text of a file holds; `example` is what could stand in it. Throws `invalid_config`. */
export function parseJsonObject(path: string, text: string, example: string): JsonObject {
  const source = readJsonSource(text);
  if (source.kind === 'not_json') {
    throw invalidFile(path, source.line, 'is not JSON here (comments and trailing commas are not)');
  }
  const { value, fields } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidFile(path, 1, 'must hold one JSON object', `${example} in it`);
  }
  return { value, fields };
}

export function invalidFile(path: string, line: number | null, what: string, hint: string | null = null): OutkitError {
  return new OutkitError('invalid_config', `${path}${line === null ? '' : `:${line}`}: ${what}`, hint);
}
