import { connect, type Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { rawRequest } from './raw-http.ts';
import { JSON_TYPE, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

/** Tables whose answer is as large as one may be: the system takes a few of them for a connection that nobody reads from. */
const TABLE = `| column | b |\n|---|---|\n${'|1|2|\n'.repeat(16_000)}`;
const CONTENT = Array.from({ length: 5 }, (_, table) => `Table ${table}\n\n${TABLE}`).join('\n');
const STREAMS = 8;
const DONE = 'data: [DONE]';

/** Asks for many streams, one behind the other, and reads nothing yet. */
async function opened(plaintext: string): Promise<Socket> {
  const { hostname, port } = new URL(http.server.url);
  const socket = connect({ host: hostname, port: Number(port) });
  const headers = [keyHeader(plaintext), JSON_TYPE];
  const body = JSON.stringify({ content: CONTENT });
  socket.write(rawRequest({ method: 'POST', target: '/render/enhance', headers, body }).repeat(STREAMS));
  await untilStuck();
  return socket;
}

/** The system takes no more, so that an answer stays open. */
async function untilStuck(): Promise<void> {
  let looks = 0;
  await vi.waitUntil(
    async () => {
      looks = /^outkit_open_answers [1-9]/m.test(await http.server.metrics()) ? looks + 1 : 0;
      return looks > 20;
    },
    { timeout: 10_000, interval: 10 },
  );
}

/** Everything until all have ended, or until the connection is closed. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  let [from, ended] = [0, 0];
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let at = text.indexOf(DONE, from); at !== -1; at = text.indexOf(DONE, from)) {
        from = at + 1;
        ended += 1;
      }
      from = Math.max(from, text.length - DONE.length);
      if (ended === STREAMS) resolve(text);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

it('streams that nobody interrupts are whole, however late they are read; the end of another key is none of theirs', async () => {
  const [key, other] = [await http.createKey(), await http.createKey()];
  const socket = await opened(key.plaintext);
  await http.server.keys.revoke(other.id, null);
  const text = await readAll(socket);
  expect(text.split(DONE)).toHaveLength(STREAMS + 1);
  expect(text.match(/"c":"table"/g)).toHaveLength(STREAMS * 5);
  socket.destroy();
});

it('streams whose key is revoked end, and nothing is written that was not on its way before', async () => {
  const key = await http.createKey();
  const socket = await opened(key.plaintext);
  await http.server.keys.revoke(key.id, null);
  await http.server.untilMetric('outkit_open_answers', 0);
  const text = await readAll(socket);
  expect(text.split(DONE).length).toBeLessThan(STREAMS);
  const { served, serverErrors } = await http.server.keys.stats(key.id, 3_600_000);
  expect([served > 0, serverErrors]).toEqual([true, 0]);
});
