import type { TcpProxy } from './tcp-proxy.ts';

/** The URL of the same database, by way of a proxy. */
export function throughProxy(url: string, { port }: TcpProxy): string {
  const target = new URL(url);
  target.hostname = '127.0.0.1';
  target.port = String(port);
  return target.href;
}
