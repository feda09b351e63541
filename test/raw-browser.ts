import { expect } from 'vitest';
import { exchange, headerOf, type RawAnswer, rawRequest } from './http/raw-http.ts';
import type { Header } from './http/server-for-tests.ts';

export const FORM: Header = ['content-type', 'application/x-www-form-urlencoded'];

interface Addresses {
  /** Where the server listens. */
  readonly url: string;
  /** Where people reach it. */
  readonly publicUrl: string;
}

interface Posting {
  /** Instead of the form token of the page that was opened last; `null` leaves it out. */
  readonly token?: string | null;
  /** Instead of the origin of the server; `null` sends none. */
  readonly origin?: string | null;
  readonly headers?: readonly Header[];
  readonly type?: string | null;
}

/** What a browser keeps between requests, over sockets that send anything: cookies, and the form token of the last page. */
export class RawBrowser {
  readonly cookies = new Map<string, string>();
  readonly #server: Addresses;
  #token = '';

  constructor(server: Addresses) {
    this.#server = server;
  }

  /** The form token of the page that was opened last. */
  get token(): string {
    return this.#token;
  }

  get(target: string, headers: readonly Header[] = []): Promise<RawAnswer> {
    return this.#send(rawRequest({ target, headers: [...this.#cookieHeaders(), ...headers] }));
  }

  /** Sends fields as a form would; text goes as it is. */
  post(target: string, fields: Readonly<Record<string, string>> | string, posting: Posting = {}): Promise<RawAnswer> {
    const { token = this.#token, origin = this.#server.publicUrl, headers = [], type = FORM[1] } = posting;
    const body =
      typeof fields === 'string'
        ? fields
        : new URLSearchParams({ ...(token === null ? {} : { form_token: token }), ...fields }).toString();
    const all: Header[] = [...this.#cookieHeaders(), ...headers];
    if (origin !== null) all.push(['origin', origin]);
    if (type !== null) all.push(['content-type', type]);
    return this.#send(rawRequest({ method: 'POST', target, headers: all, body }));
  }

  /** Signs somebody in by the form. */
  async signIn({ email, password }: { readonly email: string; readonly password: string }): Promise<void> {
    await this.get('/sign-in');
    const answer = await this.post('/sign-in', { next: '/', email, password });
    expect([answer.status, headerOf(answer, 'location')]).toEqual([303, '/']);
    await this.get('/home');
  }

  #cookieHeaders(): Header[] {
    if (this.cookies.size === 0) return [];
    return [['cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')]];
  }

  async #send(latin1: string): Promise<RawAnswer> {
    const answer = await exchange(this.#server.url, latin1);
    for (const [name, value] of answer.headers) {
      if (name !== 'set-cookie') continue;
      const [, cookie = '', kept = ''] = /^([^=]+)=([^;]*)/.exec(value) ?? [];
      if (kept === '') this.cookies.delete(cookie);
      else this.cookies.set(cookie, kept);
    }
    const body = Buffer.from(answer.body, 'latin1').toString();
    this.#token = /name="form_token" value="([^"]+)"/.exec(body)?.[1] ?? this.#token;
    return { ...answer, body };
  }
}
