/** Controls (C0, C1, DEL), lone surrogates, line separators and formats (bidi, zero width, tags); joiners stay, scripts and emoji need them. */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from elsewhere as it may reach a terminal: what would act on it instead of being read is written out, ESC as `\x1b`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16)}` : `\\u{${code.toString(16)}}`;
  });
}

/** JSON whose strings are safe to print: the same characters as `\u` escapes, so that a parser still reads the text unchanged. */
export function visibleJson(value: unknown, indent?: number): string {
  // Line breaks of the indentation are the only controls that stand outside of strings.
  return JSON.stringify(value, null, indent).replace(HIDDEN, (text) => (text === '\n' ? text : escaped(text)));
}

function escaped(character: string): string {
  let text = '';
  for (let index = 0; index < character.length; index++) {
    text += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return text;
}

const SECRET = /(ok[dsp]_[0-9A-Za-z]{4})[0-9A-Za-z]{34}/g;
const CREDENTIAL = /(ok[ls]_)[\w-]{43}/g;

/** The text without keys and CLI credentials: a net under every message, since no message should have one. */
export function redacted(text: string): string {
  // Credentials first: a key of staging begins like one, and is shorter.
  return text.replace(CREDENTIAL, '$1••••••••').replace(SECRET, '$1••••••••');
}
