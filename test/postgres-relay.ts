import { onTestFinished } from 'vitest';
import { type Interruption, TcpProxy } from './tcp-proxy.ts';

/** Passes a connection of the database on and interrupts it, for one test. Resolves to the URL of the database through it. */
export async function relayToDatabase(url: string, interruption: Interruption): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const proxy = await TcpProxy.listen({ host, port: Number(port || 5432) }, interruption);
  onTestFinished(() => proxy.close());
  return throughProxy(url, proxy);
}

/** The URL of the same database, by way of the proxy. */
export function throughProxy(url: string, { port }: TcpProxy): string {
  const target = new URL(url);
  target.hostname = '127.0.0.1';
  target.port = String(port);
  return target.href;
}

/** Whether the client sends this statement, as a simple query. */
export function isStatement(chunk: Buffer, text: string): boolean {
  return chunk[0] === 'Q'.charCodeAt(0) && chunk.subarray(5).toString() === `${text}\0`;
}
