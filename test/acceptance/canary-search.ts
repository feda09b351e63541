import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Something that must not be found, in one of the forms that it could have. */
export interface Needle {
  readonly form: string;
  readonly bytes: Buffer;
}

/** A place that was written to, and what it holds. */
export type Written = ReadonlyMap<string, Buffer>;

/** A secret in every form that logs, dumps and databases could give it: whoever has its first 12 or its last 30 characters has too much. */
export function formsOf(secret: string): Needle[] {
  return [...formsOfPart('first 12', secret.slice(0, 12)), ...formsOfPart('last 30', secret.slice(-30))];
}

function formsOfPart(part: string, text: string): Needle[] {
  const bytes = Buffer.from(text);
  const each = (write: (code: number) => string) => Buffer.from([...bytes].map(write).join(''));
  const hex = (code: number) => code.toString(16);
  const forms: Record<string, Buffer> = {
    plain: bytes,
    reversed: Buffer.from(bytes).reverse(),
    'UTF-16LE': Buffer.from(text, 'utf16le'),
    'UTF-16BE': Buffer.from(text, 'utf16le').swap16(),
    hex: each(hex),
    HEX: each((code) => hex(code).toUpperCase()),
    'URL-encoded': each((code) => `%${hex(code)}`),
    'URL-ENCODED': each((code) => `%${hex(code).toUpperCase()}`),
    'JSON escapes': each((code) => `\\u00${hex(code)}`),
  };
  for (const alphabet of ['base64', 'base64url'] as const) {
    for (const before of [0, 1, 2]) forms[`${alphabet} + ${before}`] = base64Within(bytes, alphabet, before);
  }
  return Object.entries(forms).map(([form, needle]) => ({ form: `${form} of the ${part}`, bytes: needle }));
}

/** What the bytes look like within a longer text in base64 when they start `before` bytes after a multiple of three. */
function base64Within(bytes: Buffer, alphabet: 'base64' | 'base64url', before: number): Buffer {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString(alphabet);
  const ownedFrom = Math.ceil((8 * before) / 6);
  const ownedTo = Math.floor((8 * (before + bytes.length)) / 6);
  return Buffer.from(encoded.slice(ownedFrom, ownedTo));
}

/** The SHA-256 of a secret, as it could be written. */
export function hashFormsOf(secret: string): Needle[] {
  const digest = hash('sha256', secret, 'buffer');
  const texts = [digest.toString('hex'), digest.toString('hex').toUpperCase(), digest.toString('base64url')];
  const forms = texts.map((text) => ({ form: 'SHA-256 as text', bytes: Buffer.from(text) }));
  return [...forms, { form: 'SHA-256 as bytes', bytes: digest }];
}

/** Every file below a directory, by its path from there. */
export function filesBelow(directory: string): Written {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(directory, path), readFileSync(path)];
    }),
  );
}

/** Where which needle is: `place: form`, each once. */
export function findings(written: Written, needles: readonly Needle[]): string[] {
  const found = [...written].flatMap(([place, contents]) =>
    needles.filter(({ bytes }) => contents.includes(bytes)).map(({ form }) => `${place}: ${form}`),
  );
  return [...new Set(found)].sort();
}
