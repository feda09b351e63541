import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import type { StoredEvent } from '../../src/core/render-event.ts';
import { ALL_SEGMENTS, storedEvents } from '../stored-events.ts';
import { type RawAnswer, RawConnection, rawRequest } from './raw-http.ts';
import { JSON_TYPE, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

/** Events of a key as they are stored, oldest first, after all that was answered until now. */
async function eventsOf(keyId: string): Promise<readonly StoredEvent[]> {
  await http.server.keys.stats(keyId, DAY_MS);
  const database = new DatabaseSync(join(http.server.dataDirectory, 'outkit.db'), { readOnly: true });
  try {
    return storedEvents(database.prepare(ALL_SEGMENTS).all()).filter((event) => event.keyId === keyId);
  } finally {
    database.close();
  }
}

const requestIdOf = ({ headers }: RawAnswer) => headers.find(([name]) => name === 'x-request-id')?.[1];

describe('the event of an answer', () => {
  it('says what was asked and what went out', async () => {
    const { id, plaintext } = await http.createKey({ name: 'web app' });
    const body = JSON.stringify({ content: '# Title\n\n- [ ] täsk' });
    const bytes = Buffer.from(body).toString('latin1');
    const agent = ['user-agent', `leaky/1.0 ${plaintext}`] as const;
    const whole = await http.enhance([keyHeader(plaintext), agent], bytes, '?stream=false');
    const streamed = await http.enhance([keyHeader(plaintext)], bytes);
    const wrong = await http.enhance([keyHeader(plaintext)], '{');
    const listed = await http.send({ target: '/components', headers: [keyHeader(plaintext)] });
    const head = await fetch(`${http.server.url}/components`, { method: 'HEAD', headers: [[...keyHeader(plaintext)]] });
    const events = await eventsOf(id);
    const requestIds = [...[whole, streamed, wrong, listed].map(requestIdOf), head.headers.get('x-request-id')];
    expect(events.map(({ requestId }) => requestId)).toEqual(requestIds);
    expect(events[0]).toMatchObject({
      keyName: 'web app',
      profileId: http.server.profileId,
      start: plaintext.slice(0, 8),
      method: 'POST',
      path: '/render/enhance',
      status: 200,
      verdict: 'accepted',
      blocks: JSON.parse(whole.body).blocks.length,
      bytesIn: Buffer.byteLength(body),
      bytesOut: whole.body.length,
      ip: '127.0.0.1',
      agent: `leaky/1.0 ${plaintext.slice(0, 8)}••••••••`,
      count: 1,
      isInterrupted: false,
    });
    expect(events.map(({ status, method, bytesOut }) => [status, method, bytesOut])).toEqual([
      [200, 'POST', whole.body.length],
      [200, 'POST', streamed.body.length],
      [wrong.status, 'POST', wrong.body.length],
      [200, 'GET', listed.body.length],
      [200, 'HEAD', 0],
    ]);
  });

  it('is one for each request, wherever the client goes away, and nothing stays open', async () => {
    const { id, plaintext } = await http.createKey();
    const content = Array.from({ length: 400 }, (_, index) => `# Title ${index}\n\ntext ${'x'.repeat(900)}`).join(
      '\n\n',
    );
    const request = rawRequest({
      method: 'POST',
      target: '/render/enhance',
      headers: [keyHeader(plaintext), JSON_TYPE],
      body: JSON.stringify({ content }),
    });
    for (let turns = 0; turns < 12; turns++) {
      const connection = await RawConnection.open(http.server.url);
      connection.send(request);
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      connection.reset();
    }
    await http.enhance([keyHeader(plaintext)], { content: 'x' });
    const { served, clientErrors, serverErrors } = await http.server.keys.stats(id, DAY_MS);
    expect(await eventsOf(id)).toHaveLength(served + clientErrors + serverErrors);
    await http.server.restart();
    const { dataDirectory } = http.server;
    // What is left open keeps the journal of the server before.
    expect(readdirSync(dataDirectory).filter((name) => name.startsWith('usage-'))).toHaveLength(1);
    expect((await eventsOf(id)).filter(({ isInterrupted }) => isInterrupted)).toEqual([]);
  });

  it('stands for all refused requests of a key in a second, and is there when the server stops', async () => {
    const { id, plaintext } = await http.createKey();
    await http.server.keys.revoke(id, null);
    for (let request = 0; request < 30; request++) await http.send({ headers: [keyHeader(plaintext)] });
    expect((await http.server.keys.stats(id, DAY_MS)).refused).toBe(30);
    await http.server.restart();
    const events = await eventsOf(id);
    expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(30);
    expect(events.length).toBeLessThan(10);
    expect(events[0]).toMatchObject({ verdict: 'revoked', status: 401 });
  });
});
