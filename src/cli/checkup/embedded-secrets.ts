import { isWellFormedSecret } from '../../core/secret.ts';
import { type SeenSecret, seen } from './seen-secret.ts';

/** A key in a text, and where it begins. */
export interface EmbeddedSecret {
  readonly secret: SeenSecret;
  readonly index: number;
}

const PREFIX_LETTERS = ['d', 's', 'p'] as const;
const SECRET_LENGTH = 42;
/** A character of JavaScript, JSON or a URL by its number; bounded, since a text may be nothing but backslashes. */
const ESCAPE = '(?:\\\\{1,8}(?:x|u00|u\\{0{0,4})|%)';
const MAX_ESCAPED_LENGTH = SECRET_LENGTH * 16;
const LINE_END = '\\\\{1,8}\\r?\\n';
const ESCAPED = new RegExp(`${ESCAPE}([0-9a-fA-F]{2})\\}?|${LINE_END}`, 'g');
const BASE62 = escapable('[0-9A-Za-z]', '(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])');
const PREFIX = [
  escapable('o', '6[fF]'),
  escapable('k', '6[bB]'),
  escapable('[dsp]', '(?:64|73|70)'),
  escapable('_', '5[fF]'),
].join('');
/** Looks at what follows, so that only what may be a key is decoded, and takes the prefix alone: a key may begin in what looks like one. */
const CANDIDATE = new RegExp(`${PREFIX}(?=(?:(?:${LINE_END})*${BASE62}){38})`, 'g');

/** In base64 a key looks different at each of the three places of a group. */
const NEEDLES: ReadonlyMap<string, number> = new Map(
  PREFIX_LETTERS.flatMap((letter) => [0, 1, 2].map((shift) => [needleOf(`ok${letter}_`, shift), shift] as const)),
);
const IN_BASE64 = new RegExp([...NEEDLES.keys()].join('|'), 'g');
/** Enough of a text for a key with line breaks in it. */
const MAX_BASE64_LENGTH = 80;

/** Every key in a text: as it is, with escaped characters or continued lines in it, or inside of base64. In the time of one pass each. */
export function embeddedSecrets(text: string): readonly EmbeddedSecret[] {
  const found: EmbeddedSecret[] = [];
  for (const { index } of text.matchAll(CANDIDATE)) {
    const plain = text
      .slice(index, index + MAX_ESCAPED_LENGTH)
      .replace(ESCAPED, (_, code?: string) =>
        code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16)),
      );
    add(plain.slice(0, SECRET_LENGTH), index, found);
  }
  for (const { 0: needle, index } of text.matchAll(IN_BASE64)) {
    const shift = NEEDLES.get(needle) ?? 0;
    const start = index - unknownCharacters(shift);
    const bytes = Buffer.from(text.slice(Math.max(0, start), start + MAX_BASE64_LENGTH), 'base64');
    add(bytes.toString('latin1', shift, shift + SECRET_LENGTH), index, found);
  }
  return found;
}

function add(candidate: string, index: number, found: EmbeddedSecret[]): void {
  if (isWellFormedSecret(candidate)) found.push({ secret: seen(candidate), index });
}

function escapable(character: string, code: string): string {
  return `(?:${character}|${ESCAPE}${code}\\}?)`;
}

/** What stands in base64 for a text with `shift` bytes before it in its group, whatever these are. */
function needleOf(text: string, shift: number): string {
  const encoded = Buffer.from('\0'.repeat(shift) + text, 'latin1').toString('base64');
  return encoded.slice(unknownCharacters(shift), Math.floor(((shift + text.length) * 8) / 6));
}

/** Characters of base64 that the bytes before have a part in. */
function unknownCharacters(shift: number): number {
  return Math.ceil((shift * 8) / 6);
}
