import { HIDDEN } from '../core/visible-text.ts';

export { visible } from '../core/visible-text.ts';

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
