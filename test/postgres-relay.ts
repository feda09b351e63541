import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Where a relay interrupts. A chunk is what the system handed over at once: a message of the protocol, in these tests. */
export interface Interruption {
  /** Whether to cut before this chunk of the client is passed on. */
  readonly beforeSent?: (chunk: Buffer) => boolean;
  /** Whether to pass this chunk on and cut instead of the answer. */
  readonly beforeAnswer?: (chunk: Buffer) => boolean;
  /** Whether to fall silent from this chunk on, with both ends open. */
  readonly silence?: (chunk: Buffer) => boolean;
  /** Changes what the server says. */
  readonly rewrite?: (chunk: Buffer) => Buffer;
}

/** Passes a connection of the database on and interrupts it, for one test. Resolves to the URL of the database through it. */
export async function relayToDatabase(url: string, interruption: Interruption): Promise<string> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const server = connect(Number(port || 5432), hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
    }
    passOn(client, server, interruption);
  });
  onTestFinished(() => {
    relay.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const target = new URL(url);
  target.hostname = '127.0.0.1';
  target.port = String((relay.address() as AddressInfo).port);
  return target.href;
}

function passOn(client: Socket, server: Socket, interruption: Interruption): void {
  let isSilent = false;
  let isCutting = false;
  const cut = () => {
    client.destroy();
    server.destroy();
  };
  client.on('data', (chunk) => {
    isSilent ||= interruption.silence?.(chunk) === true;
    if (isSilent) return;
    if (interruption.beforeSent?.(chunk) === true) return cut();
    isCutting ||= interruption.beforeAnswer?.(chunk) === true;
    server.write(chunk);
  });
  server.on('data', (chunk) => {
    if (isSilent) return;
    if (isCutting) return cut();
    client.write(interruption.rewrite?.(chunk) ?? chunk);
  });
  client.on('close', () => server.destroy());
  server.on('close', () => client.destroy());
}

/** Whether the client sends this statement, as a simple query. */
export function isStatement(chunk: Buffer, text: string): boolean {
  return chunk[0] === 'Q'.charCodeAt(0) && chunk.subarray(5).toString() === `${text}\0`;
}
