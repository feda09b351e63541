import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { OutkitError } from '../core/errors.ts';
import type { SettingsFile } from '../server/gathered-settings.ts';
import type { Io } from './io.ts';
import { type JsonObject, parseJsonObject, readTextFile } from './json-file.ts';
import { readJsonSource } from './json-source.ts';

const NAME = 'outkit.server.json';

/**
 * The settings file of `outkit serve`: `--config`, else `OUTKIT_SERVER_CONFIG`, else `outkit.server.json` in the working directory, and
 * only there; `null` when there is none. What is wrong with it is told with what is wrong elsewhere.
 */
export async function readSettingsFile(
  io: Pick<Io, 'cwd' | 'env' | 'userId'>,
  flag: string | undefined,
): Promise<SettingsFile | null> {
  const named = flag ?? (io.env['OUTKIT_SERVER_CONFIG'] || undefined);
  const path = resolve(io.cwd, named ?? NAME);
  if (named === undefined && !existsSync(path)) return null;
  const shown = relative(io.cwd, path).startsWith('..') ? path : relative(io.cwd, path);
  try {
    const text = await readTextFile(path, io.userId, { ownOnly: named === undefined });
    const object = parseJsonObject(shown, text, '{ "port": 4680 }');
    return { kind: 'read', path: shown, directory: dirname(path), value: object.value, lineOf: linesOf(text, object) };
  } catch (error) {
    if (!(error instanceof OutkitError)) throw error;
    return { kind: 'refused', message: error.message.replace(path, shown) };
  }
}

/** Finds the line of a field, or of one of an object in it. */
function linesOf(text: string, { fields }: JsonObject): (field: string) => number {
  return (field) => {
    const [group = '', inner] = fields.has(field) ? [field] : field.split('.');
    const place = fields.get(group);
    if (place === undefined) return 1;
    if (inner === undefined) return place.line;
    const source = readJsonSource(text.slice(place.start, place.end));
    const line = source.kind === 'json' ? source.fields.get(inner)?.line : undefined;
    return line === undefined ? place.line : text.slice(0, place.start).split('\n').length + line - 1;
  };
}
