import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { CreateKey } from '../../src/core/key-service.ts';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { LOCAL_TOKEN, TestServer } from '../local-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { exchange, type RawAnswer, type RawRequest, rawRequest } from './raw-http.ts';

export type Header = readonly [name: string, value: string];

export const TOKEN: Header = ['authorization', `Bearer ${LOCAL_TOKEN}`];
export const JSON_TYPE: Header = ['content-type', 'application/json'];
export const keyHeader = (plaintext: string): Header => ['x-outkit-api-key', plaintext];

/** A key of the server, and the one place that knows its plaintext. */
export interface TestKey {
  readonly id: string;
  readonly plaintext: string;
}

/**
 * One server for the tests of a file. When they are done it MUST have reported no failure, no plaintext may stand in its log or in
 * its files, and no object may have a new property.
 */
export class ServerForTests {
  readonly #fillRandom = seededRandom(20260131);
  readonly #plaintexts: string[] = [];
  #server: TestServer | undefined;

  constructor() {
    beforeAll(async () => {
      this.#server = await TestServer.start();
    });
    afterAll(async () => {
      await this.#expectNoTrace();
      await this.server.stop();
    });
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error('the server has not started');
    return this.#server;
  }

  /** A well-formed secret that no key has. */
  mint(environment: CreateKey['environment'] = 'development'): string {
    const plaintext = mintSecret(environment, this.#fillRandom);
    this.#plaintexts.push(plaintext);
    return plaintext;
  }

  minted(plaintext = this.mint()) {
    return { hash: hashSecret(plaintext), start: startOf(plaintext) };
  }

  /** A key whose limit no test reaches by accident. */
  async createKey(fields: Partial<CreateKey> = {}): Promise<TestKey> {
    const plaintext = this.mint(fields.environment);
    const wanted: CreateKey = {
      profileId: this.server.profileId,
      name: 'test key',
      environment: 'development',
      rateLimitPerMinute: 1_000_000,
      expiresAt: null,
      ...fields,
      secret: this.minted(plaintext),
    };
    const { id } = await this.server.keys.create(wanted);
    return { id, plaintext };
  }

  /** The new secret of a rotated key. */
  async rotate({ id }: TestKey, graceMs: number): Promise<string> {
    const plaintext = this.mint();
    await this.server.keys.rotate(id, { secret: this.minted(plaintext), graceMs, replaceNew: false });
    return plaintext;
  }

  send(request: RawRequest): Promise<RawAnswer> {
    return exchange(this.server.url, rawRequest(request));
  }

  /** One request of the renderer; the body is JSON unless it is a string. */
  enhance(headers: readonly Header[], body: object | string, query = ''): Promise<RawAnswer> {
    const text = typeof body === 'string' ? body : Buffer.from(JSON.stringify(body)).toString('latin1');
    return this.send({
      method: 'POST',
      target: `/render/enhance${query}`,
      headers: [JSON_TYPE, ...headers],
      body: text,
    });
  }

  /** One request of the control API with the right token: a POST when there is a body. */
  control(target: string, body?: object | string): Promise<RawAnswer> {
    if (body === undefined) return this.send({ target, headers: [TOKEN] });
    const text = typeof body === 'string' ? body : Buffer.from(JSON.stringify(body)).toString('latin1');
    return this.send({ method: 'POST', target, headers: [TOKEN, JSON_TYPE], body: text });
  }

  async #expectNoTrace(): Promise<void> {
    const { server } = this;
    expect(server.problems).toEqual([]);
    const files = await readdir(server.dataDirectory, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    const everything = [JSON.stringify(server.lines), ...contents].join('\n');
    expect(this.#plaintexts.filter((plaintext) => everything.includes(plaintext.slice(8)))).toEqual([]);
    expect(Object.keys(Object.getPrototypeOf({}))).toEqual([]);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  }
}

/** Code of an answered error, on either side of the API. */
export function codeOf({ body }: RawAnswer): unknown {
  return (JSON.parse(body) as { code?: unknown }).code;
}
