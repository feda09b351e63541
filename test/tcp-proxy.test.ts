import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { TcpProxy } from './tcp-proxy.ts';

let proxy: TcpProxy;
/** The ends of the server, in the order in which they were connected. */
let accepted: Socket[];
let received: string;

beforeEach(async () => {
  accepted = [];
  received = '';
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk;
      socket.write(`${chunk}!`);
    });
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await TcpProxy.listen({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  onTestFinished(async () => {
    await proxy.close();
    server.close();
  });
});

async function client(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function answer(socket: Socket, question: string): Promise<string> {
  socket.write(question);
  const [chunk] = await once(socket, 'data');
  return String(chunk);
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** After everything that is under way in this process. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await setImmediate();
}

describe('a proxy that passes', () => {
  it('carries bytes in both directions, on several connections', async () => {
    const [one, two] = [await client(), await client()];
    expect(await answer(one, 'a')).toBe('a!');
    expect(await answer(two, 'b')).toBe('b!');
    expect(await answer(one, 'c')).toBe('c!');
  });

  it('carries more than the system buffers, unchanged', async () => {
    const socket = await client();
    const large = Buffer.alloc(20_000_000, 'x');
    socket.end(large);
    const back = await buffer(socket);
    expect(back.toString().replaceAll('!', '').length).toBe(large.length);
    expect(received.length).toBe(large.length);
  });

  it('hangs up at one end when the other does', async () => {
    const socket = await client();
    await answer(socket, 'a');
    accepted[0]?.destroy();
    await closed(socket);
  });
});

describe('a black hole', () => {
  it('takes connections and bytes, and lets nobody hear of them until it passes', async () => {
    const old = await client();
    expect(await answer(old, 'a')).toBe('a!');
    proxy.blackhole();
    const late = await client();
    old.write('b');
    late.write('c');
    accepted[0]?.write('d');
    await settled();
    expect([received, old.bytesRead, accepted.length]).toEqual(['a', 2, 1]);
    proxy.pass();
    expect(String((await once(late, 'data'))[0])).toBe('c!');
    await expect.poll(() => old.bytesRead).toBe('a!db!'.length);
    expect(received).toContain('b');
  });

  it('hides that an end hung up', async () => {
    const socket = await client();
    await answer(socket, 'a');
    proxy.blackhole();
    socket.write('b');
    await settled();
    socket.end();
    await settled();
    expect(accepted[0]?.readableEnded).toBe(false);
    proxy.pass();
    await expect.poll(() => received).toBe('ab');
    await expect.poll(() => accepted[0]?.readableEnded).toBe(true);
  });

  it('forgets what it held when it resets', async () => {
    const socket = await client();
    await answer(socket, 'a');
    proxy.blackhole();
    const late = await client();
    socket.write('b');
    await settled();
    const ends = [closed(socket), closed(late)];
    proxy.reset();
    await Promise.all(ends);
    proxy.pass();
    await settled();
    expect(received).toBe('a');
  });
});

describe('a broken network', () => {
  it('resets the connections that there are, and takes new ones', async () => {
    const socket = await client();
    await answer(socket, 'a');
    const end = closed(socket);
    proxy.reset();
    await end;
    expect(await answer(await client(), 'b')).toBe('b!');
  });

  it('refuses all connections until it passes', async () => {
    const old = await client();
    await answer(old, 'a');
    const end = closed(old);
    proxy.refuse();
    await end;
    await closed(connect(proxy.port, '127.0.0.1').on('error', () => {}));
    proxy.pass();
    expect(await answer(await client(), 'b')).toBe('b!');
  });

  it('cuts after a number of bytes, of which all arrive and none beyond', async () => {
    const socket = await client();
    await answer(socket, 'a');
    proxy.cutAfter(3);
    const end = closed(socket);
    socket.write('bcdef');
    await end;
    await settled();
    expect('abcd'.startsWith(received)).toBe(true);
    proxy.pass();
    expect(await answer(await client(), 'x')).toBe('x!');
  });

  it.each([
    ['delays', (slow: TcpProxy) => slow.delay(20)],
    ['throttles', (slow: TcpProxy) => slow.throttle(100)],
  ])('%s what it carries, in its order', async (_how, slow) => {
    const socket = await client();
    await answer(socket, 'a');
    slow(proxy);
    for (const letter of 'bcd') {
      socket.write(letter);
      await setImmediate();
    }
    expect(received).toBe('a');
    await expect.poll(() => received).toBe('abcd');
  });
});
