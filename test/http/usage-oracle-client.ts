import { headerOf, RawConnection, rawRequest } from './raw-http.ts';
import { type Header, JSON_TYPE } from './server-for-tests.ts';

const post = (key: Header, query: string, body: string, ...more: Header[]) =>
  rawRequest({ method: 'POST', target: `/render/enhance${query}`, headers: [key, JSON_TYPE, ...more], body });

/** Ways to use a key: the first four are served, the others are mistakes of the caller. */
export const WAYS: readonly ((key: Header) => string)[] = [
  (key) => post(key, '', '{"content":"- [ ] x"}'),
  (key) => post(key, '?stream=false', '{"content":"| a | b |\\n|---|---|\\n| 1 | 2 |"}'),
  (key) => rawRequest({ target: '/components?x=1', headers: [key] }),
  (key) => rawRequest({ target: '/components', headers: [['authorization', `Bearer ${key[1]}`]] }),
  (key) => post(key, '', '{'),
  (key) => post(key, '', '{}'),
  (key) => post(key, '', '{"content":"x"}', ['content-encoding', 'br']),
];

/** One connection after the other. */
export class OracleClient {
  readonly #url: string;
  #connection: RawConnection | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  async status(request: string): Promise<number> {
    this.#connection ??= await RawConnection.open(this.#url);
    this.#connection.send(request);
    const answer = await this.#connection.answer();
    if (headerOf(answer, 'connection') === 'close') this.close();
    return answer.status;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}
