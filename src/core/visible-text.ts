/** Controls (C0, C1, DEL), lone surrogates, line separators and formats (bidi, zero width, tags); joiners stay, scripts and emoji need them. */
export const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from elsewhere as people may see it: what would act on its surroundings instead of being read is written out, ESC as `\x1b`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16)}` : `\\u{${code.toString(16)}}`;
  });
}
