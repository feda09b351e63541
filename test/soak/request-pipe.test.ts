import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { RequestPipe } from './request-pipe.ts';

const ACCEPTED = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n{"a"';
const REVOKED = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 22\r\n\r\n{"code":"key_revoked"}';
const TIMEOUT = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

let pipe: RequestPipe;
let connections: Socket[];
let heard: string[];
let requested: string;

beforeEach(async () => {
  connections = [];
  heard = [];
  requested = '';
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      requested += chunk;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  pipe = new RequestPipe((server.address() as AddressInfo).port);
  onTestFinished(() => {
    pipe.close();
    server.close();
  });
});

const send = (name: string) => pipe.send(name, (verdict) => heard.push(`${name} ${verdict}`));
const connection = () => expect.poll(() => connections.at(-1)).toBeDefined();

it('gives each answer to the request that it belongs to, wherever the bytes were divided', async () => {
  for (const name of ['a', 'b', 'c']) expect(send(name)).toBe(true);
  await connection();
  await expect.poll(() => requested.match(/x-outkit-api-key: \w/g)).toHaveLength(3);
  for (const byte of ACCEPTED + REVOKED + TIMEOUT) {
    connections[0]?.write(byte);
  }
  await expect.poll(() => heard).toEqual(['a accepted', 'b key_revoked', 'c status 408']);
  expect(pipe.waiting).toBe(0);
});

it('calls everything that waits cut when the connection breaks, and connects again', async () => {
  send('a');
  send('b');
  await connection();
  connections[0]?.write(ACCEPTED);
  await expect.poll(() => heard).toEqual(['a accepted']);
  connections[0]?.destroy();
  await expect.poll(() => heard).toEqual(['a accepted', 'b cut']);
  await expect.poll(() => send('c')).toBe(true);
  await expect.poll(() => connections).toHaveLength(2);
  connections[1]?.write(REVOKED);
  await expect.poll(() => heard.at(-1)).toBe('c key_revoked');
});
