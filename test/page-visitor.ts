/** A browser without scripts: keeps cookies, and sends forms with the token of the page that it saw last. */
export class PageVisitor {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  #formToken = '';

  constructor(origin: string) {
    this.#origin = origin;
  }

  get(path: string): Promise<{ readonly answer: Response; readonly body: string }> {
    return this.#send(path, {});
  }

  post(path: string, fields: Readonly<Record<string, string>>) {
    const body = new URLSearchParams({ ...fields, form_token: this.#formToken });
    return this.#send(path, { method: 'POST', body });
  }

  /** The credential of its session; throws when nobody is signed in. */
  get credential(): string {
    const credential = this.#cookies.get('outkit');
    if (credential === undefined) throw new Error('nobody is signed in');
    return credential;
  }

  async #send(path: string, init: { readonly method?: string; readonly body?: URLSearchParams }) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: this.#origin, 'user-agent': 'Browser/1' };
    const answer = await fetch(new URL(path, this.#origin), { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const body = await answer.text();
    this.#formToken = /name="form_token" value="([^"]+)"/.exec(body)?.[1] ?? this.#formToken;
    return { answer, body };
  }
}
