/** What a request presents as its key, read from the raw headers: Node joins or drops repeated ones silently. */
export type PresentedKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'presented'; readonly text: string }
  /** Both headers, or one of them twice: which is meant cannot be known. */
  | { readonly kind: 'ambiguous' };

const NONE: PresentedKey = { kind: 'none' };
const AMBIGUOUS: PresentedKey = { kind: 'ambiguous' };
const BEARER = /^bearer (\S+)$/i;

/** `rawHeaders` alternates names and values, as in Node's `IncomingMessage.rawHeaders`. Values are never trimmed into validity. */
export function presentedKey(rawHeaders: readonly string[]): PresentedKey {
  let found: PresentedKey = NONE;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const isKeyHeader = isNamed(rawHeaders[index], 'x-outkit-api-key');
    if (!isKeyHeader && !isNamed(rawHeaders[index], 'authorization')) continue;
    if (found !== NONE) return AMBIGUOUS;
    const value = rawHeaders[index + 1] ?? '';
    found = { kind: 'presented', text: isKeyHeader ? value : (BEARER.exec(value)?.[1] ?? '') };
  }
  return found;
}

function isNamed(header: string | undefined, name: string): boolean {
  return header !== undefined && header.length === name.length && header.toLowerCase() === name;
}
