import { createCipheriv, createDecipheriv } from 'node:crypto';
import * as v from 'valibot';
import { type Clock, MINUTE_MS } from '../../core/clock.ts';
import type { FillRandom } from '../../core/secret.ts';
import { derivedKey } from './derived-key.ts';

/** Keeps something of ours in a browser for 10 minutes: nobody there can read it, change it, or use it in another place. */
export interface Seal<Value> {
  /** Base64url. Opens for the same holder only. */
  close(value: Value, holder: string): string;
  /** `null` for anything that was not sealed for this, for this holder, in the last 10 minutes. */
  open(text: string, holder: string): Value | null;
}

export const SEALED_LIFE_MS = 10 * MINUTE_MS;
export const SEALED_PATTERN = /^[A-Za-z0-9_-]{38,4000}$/;

const IV_BYTES = 12;
const TAG_BYTES = 16;

interface SealPorts {
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
}

/** AES-256-GCM under a key for this purpose alone. The holder is authenticated with it, and is not in the text. */
export function createSeal<Value>(
  purpose: string,
  schema: v.GenericSchema<unknown, Value>,
  { secret, clock, fillRandom }: SealPorts,
): Seal<Value> {
  const key = derivedKey(secret, `seal ${purpose}`);
  const contents = v.strictObject({ until: v.number(), value: schema });
  return {
    close(value, holder) {
      const iv = fillRandom(new Uint8Array(IV_BYTES));
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(holder));
      const text = JSON.stringify({ until: clock.now() + SEALED_LIFE_MS, value });
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(text, holder) {
      if (!SEALED_PATTERN.test(text)) return null;
      const opened = decrypted(key, Buffer.from(text, 'base64url'), holder);
      if (opened === null) return null;
      const read = v.safeParse(contents, JSON.parse(opened));
      return read.success && clock.now() < read.output.until ? read.output.value : null;
    },
  };
}

function decrypted(key: Uint8Array, bytes: Buffer, holder: string): string | null {
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(holder)).setAuthTag(tag);
  try {
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
