import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { newCreate, send } from './durability-client.ts';
import { ServerProcess } from './durability-server.ts';
import { temporaryProject } from './outkit.ts';

const CLIENTS = 8;
const BODY = JSON.stringify({ content: '| a | b |\n|---|---|\n| 1 | 2 |\n\n'.repeat(50) });

/** Renders, and takes answers as JSON and as a stream, until the server is gone. Resolves to the number of whole answers. */
async function renderUntilGone(url: string, key: string): Promise<number> {
  for (let answers = 0; ; answers++) {
    try {
      const query = answers % 2 === 0 ? '?stream=false' : '';
      const response = await fetch(`${url}/render/enhance${query}`, {
        method: 'POST',
        headers: { 'x-outkit-api-key': key, 'content-type': 'application/json' },
        body: BODY,
      });
      const answer = await response.text();
      expect(response.status).toBe(200);
      expect(answer).toMatch(query === '' ? /data: \[DONE\]\n\n$/ : /}$/);
    } catch (error) {
      if (error instanceof TypeError) return answers;
      throw error;
    }
  }
}

/** Sends the first half of a render, and resolves when the server has asked for the rest. */
async function halfSent(url: string, key: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = ['POST /render/enhance HTTP/1.1', `host: ${host}`, `x-outkit-api-key: ${key}`];
  const more = ['content-type: application/json', `content-length: ${BODY.length}`, 'expect: 100-continue'];
  socket.write(`${[...head, ...more].join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  socket.write(BODY.slice(0, 100));
  return socket;
}

it.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'on %s under load every request that was begun is answered and counted, and the exit code is 0',
  async (signal) => {
    const project = temporaryProject();
    const server = await ServerProcess.start(project);
    const { id, state } = await send(server.keys, server.profileId, newCreate());
    const [key = ''] = state.roles.keys();
    const clients = Array.from({ length: CLIENTS }, () => renderUntilGone(server.url, key));
    const begun = await halfSent(server.url, key);
    const answer = text(begun);
    while (server.stdout.split('\n').length < 100) await new Promise(setImmediate);

    const end = server.kill(signal);
    while (!server.stderr.includes('Stopping')) await new Promise(setImmediate);
    begun.write(BODY.slice(100));
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]+data: \[DONE\]\n\n/);
    const answers = await Promise.all(clients);
    expect(await end).toEqual({ exitCode: 0, signal: null });
    await expect(fetch(server.url)).rejects.toThrow();

    const again = await ServerProcess.start(project);
    const { served, clientErrors, serverErrors, refused } = await again.keys.stats(id, DAY_MS);
    const given = answers.reduce((sum, count) => sum + count, 1);
    expect({ served, clientErrors, serverErrors, refused }).toEqual({
      served: given,
      clientErrors: 0,
      serverErrors: 0,
      refused: 0,
    });
    await again.kill('SIGTERM');
  },
);
