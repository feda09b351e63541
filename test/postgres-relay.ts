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

/** Whether the client sends this statement, as a simple query. */
export function isStatement(chunk: Buffer, text: string): boolean {
  return chunk[0] === 'Q'.charCodeAt(0) && chunk.subarray(5).toString() === `${text}\0`;
}
