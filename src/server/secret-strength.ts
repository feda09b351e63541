const MIN_BYTES = 32;
const MIN_DISTINCT_CHARACTERS = 8;

/** Words of examples and of hands on a keyboard; none is in a random text of this length but once in millions. */
const PLACEHOLDER =
  /changeme|changethis|placeholder|password|passphrase|secret|example|insert|replace|default|yourkey|qwerty|outkit/;

/** Why a text is no secret that a server can rely on, as the rest of "the secret …"; `null` when it may be one. */
export function weaknessOf(secret: string): string | null {
  if (Buffer.byteLength(secret) < MIN_BYTES) return `must have at least ${MIN_BYTES} bytes`;
  if (PLACEHOLDER.test(secret.toLowerCase().replaceAll(/[^a-z]/g, ''))) return 'looks like a placeholder';
  if (isRepetition(secret)) return 'repeats itself';
  if (new Set(secret).size < MIN_DISTINCT_CHARACTERS) return 'has too few different characters';
  if (isSequence(secret)) return 'is a sequence of neighbouring characters';
  return null;
}

function isRepetition(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period++) {
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}

function isSequence(text: string): boolean {
  let neighbours = 0;
  for (let index = 1; index < text.length; index++) {
    if (Math.abs(text.charCodeAt(index) - text.charCodeAt(index - 1)) === 1) neighbours++;
  }
  return neighbours > text.length / 2;
}
