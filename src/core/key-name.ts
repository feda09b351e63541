const MAX_LENGTH = 64;

/** Control characters, lone surrogates, line separators, and what makes text read other than it is stored (bidi, zero width). */
const DECEPTIVE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

/** Characters that show nothing, such as joiners, tags and fillers: good inside an emoji, not as a whole name. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\s]/gu;

export const NAME_RULE = '1 to 64 characters, without control or direction characters';

/** The name in Unicode NFC, or `null` when it breaks {@link NAME_RULE}. Names need not be unique. */
export function normalizedName(text: string): string | null {
  if (text.length > 8 * MAX_LENGTH || DECEPTIVE.test(text)) return null;
  if (text.replace(INVISIBLE, '') === '') return null;
  const name = text.normalize('NFC');
  return [...name].length <= MAX_LENGTH ? name : null;
}
