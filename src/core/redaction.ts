const SECRET = /(ok[dsp]_[0-9A-Za-z]{4})[0-9A-Za-z]{34}/g;
const CREDENTIAL = /(ok(?:[ltir]|dc)_)[\w-]{43}/g;

/** The text without keys and credentials: a net under every message, log line and trace, since none should have one. */
export function redacted(text: string): string {
  return text.replace(CREDENTIAL, '$1••••••••').replace(SECRET, '$1••••••••');
}
