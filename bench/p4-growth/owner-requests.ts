import type { Served } from '../served.ts';

const MOST = 100;

/** What an owner of the team asks the control API for. */
export class OwnerRequests {
  readonly #server: Served;

  constructor(server: Served) {
    this.#server = server;
  }

  async get(path: string): Promise<{ readonly data?: readonly { id: string }[]; readonly nextCursor?: string | null }> {
    const authorization = `Bearer ${this.#server.credentials[0]}`;
    const response = await fetch(`${this.#server.url}${path}`, { headers: { authorization } });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
    return (await response.json()) as { data?: { id: string }[]; nextCursor?: string | null };
  }

  keys(cursor: string | null, limit = 20): string {
    const query = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return `/v1/profiles/${this.#server.profileId}/keys?limit=${limit}${query}`;
  }

  /** The cursor behind so many keys. */
  async cursorAt(depth: number): Promise<string | null> {
    let cursor: string | null = null;
    for (let passed = 0; passed < depth; passed += MOST) {
      cursor = (await this.get(this.keys(cursor, MOST))).nextCursor ?? null;
    }
    return cursor;
  }

  /** Of the one key that was not made by SQL alone, for the last 30 days. */
  statistics(): string {
    return '/v1/keys/key_aaaaaaaaaaaaaaba/stats';
  }

  events(): string {
    return `/v1/profiles/${this.#server.profileId}/events?limit=20`;
  }
}
