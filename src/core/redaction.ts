import { maskedStart, withSecretsMasked } from './secret.ts';

const CREDENTIAL = /(ok(?:[ltir]|dc)_)[\w-]{43}/g;

/** The text without keys and credentials: a net under every message, log line and trace, since none should have one. */
export function redacted(text: string): string {
  return withSecretsMasked(text.replace(CREDENTIAL, (_, prefix: string) => maskedStart(prefix)));
}
