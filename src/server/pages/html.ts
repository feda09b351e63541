import { visible } from '../../core/visible-text.ts';

/** Text that is HTML already. Only {@link html} makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPiece = Html | string | number | null | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * HTML from a template. What is put in is text and is escaped, control and direction characters written out, unless it is HTML already;
 * `null` is nothing. Text is good between tags and in double quotes only: throws where it would stand anywhere else.
 */
export function html(template: TemplateStringsArray, ...pieces: readonly HtmlPiece[]): Html {
  let text = template[0] ?? '';
  for (const [index, piece] of pieces.entries()) {
    const isText = typeof piece === 'string' || typeof piece === 'number';
    if (isText && !takesText(text)) throw new Error('text may not stand in this place of a page');
    text += textOf(piece) + (template[index + 1] ?? '');
  }
  return new Html(text);
}

/** Whether what comes after this HTML is between tags, or in a tag inside of double quotes. */
function takesText(before: string): boolean {
  const tag = before.slice(before.lastIndexOf('<'));
  if (!tag.startsWith('<')) return true;
  if (/^<(?:script|style)\b/i.test(tag)) return false;
  return tag.includes('>') || tag.split('"').length % 2 === 0;
}

function textOf(piece: HtmlPiece): string {
  if (piece === null) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map(({ text }) => text).join('');
  return visible(String(piece)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
