import { BlockList, isIP, SocketAddress } from 'node:net';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request, as far as it can be believed. Read while there is a peer: a connection that was reset has none any more. */
    clientAddress: string;
  }
}

/** As many proxies a request passes at most: what a client writes before them is not read. */
const MAX_HOPS = 20;

const UNKNOWN = 'unknown';

/** With the white space of a list in HTTP (RFC 9110, section 5.6.1), and no other. */
const HOP = /^[ \t]*([0-9a-fA-F:.]{2,45})[ \t]*$/;
const NETWORK = /^([0-9a-fA-F:.]{2,45})(?:\/(\d{1,3}))?$/;

/** This machine, and the ranges that no public host has (RFC 1918, RFC 4193): where a proxy of one's own stands. */
export const PRIVATE_NETWORKS: readonly string[] = [
  '127.0.0.0/8',
  '::1',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
];

/** Says from which address a request came. `peer` is that of the connection, `forwardedFor` the header as it was sent. */
export type ClientAddress = (peer: string, forwardedFor: string | undefined) => string;

/** True for an address, or an address and the length of a prefix that leaves somebody out. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits] = NETWORK.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128)));
}

/**
 * The address of a client behind proxies: the right-most of `X-Forwarded-For` that is no proxy of ours, since each proxy adds whom it
 * heard at the right end and a client can write the rest. From anybody but a proxy the header is not read. One with anything but
 * addresses in what is read counts as none.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList();
  for (const network of trustedProxies) addNetwork(trusted, network);
  const isTrusted = (address: string) => isIP(address) !== 0 && trusted.check(address, familyOf(address));
  return (peer, forwardedFor) => {
    const from = addressOf(peer) ?? peer;
    if (forwardedFor === undefined || !isTrusted(from)) return from;
    let client = from;
    for (const hop of forwardedFor.split(',').slice(-MAX_HOPS).reverse()) {
      const address = addressOf(HOP.exec(hop)?.[1] ?? '');
      if (address === null) return from;
      client = address;
      if (!isTrusted(address)) return client;
    }
    return client;
  };
}

/** Sets `clientAddress` of each request before anything judges it. */
export function knowClients(app: FastifyInstance, trustedProxies: readonly string[]): void {
  const clientAddress = createClientAddress(trustedProxies);
  app.decorateRequest('clientAddress', UNKNOWN);
  app.addHook('onRequest', (request, _reply, done) => {
    const forwardedFor = request.headers['x-forwarded-for'];
    // Several headers of that name are one list.
    const list = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor?.join(',');
    request.clientAddress = clientAddress(request.socket.remoteAddress ?? UNKNOWN, list || undefined);
    done();
  });
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/');
  if (bits === undefined) {
    const plain = addressOf(address) ?? address;
    list.addAddress(plain, familyOf(plain));
  } else list.addSubnet(address, Number(bits), familyOf(address));
}

/** An address in the one way to write it, an IPv4 address inside IPv6 as IPv4; `null` for anything else. */
function addressOf(text: string): string | null {
  const family = isIP(text);
  // There is one way to write an IPv4 address.
  if (family === 4) return text;
  if (family === 0 || text.includes('%')) return null;
  const { address } = new SocketAddress({ address: text, family: familyOf(text) });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
