import { onTestFinished } from 'vitest';
import { throughProxy } from './postgres-url.ts';
import { type Interruption, TcpProxy } from './tcp-proxy.ts';

/** Passes a connection of the database on and interrupts it, for one test. Resolves to the URL of the database through it. */
export async function relayToDatabase(url: string, interruption: Interruption): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const proxy = await TcpProxy.listen({ host, port: Number(port || 5432) }, interruption);
  onTestFinished(() => proxy.close());
  return throughProxy(url, proxy);
}

/** Whether the client sends this statement, as a simple query, whatever goes with it. */
export function isStatement(chunk: Buffer, text: string): boolean {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + text.length + 1);
  return chunk.includes(Buffer.concat([Buffer.from('Q'), length, Buffer.from(`${text}\0`)]));
}
