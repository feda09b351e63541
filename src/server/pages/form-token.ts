import { createHmac } from 'node:crypto';
import { isSameToken } from '../../core/token.ts';
import { derivedKey } from './derived-key.ts';

/** Tokens in the hidden field of our forms: another site can make a browser post, but cannot know the token of that browser. */
export interface FormTokens {
  /** `holder` is the session, or the browser where nobody is signed in. */
  tokenOf(holder: string): string;
  isTokenOf(holder: string, token: string): boolean;
}

/** HMAC-SHA256 over the holder, compared in constant time. */
export function createFormTokens(secret: Uint8Array): FormTokens {
  const key = derivedKey(secret, 'form token');
  const tokenOf = (holder: string) => createHmac('sha256', key).update(holder).digest('base64url');
  return {
    tokenOf,
    isTokenOf: (holder, token) => isSameToken(token, tokenOf(holder)),
  };
}
