import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/server/http-app.ts';
import { seededRandom } from '../seeded-random.ts';
import { exchange, type RawRequest, rawRequest } from './raw-http.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** Says whom the server takes for the sender of a request. */
async function senderOf(trustedProxies: readonly string[], headers: RawRequest['headers'] = []): Promise<string> {
  const fillRandom = seededRandom(5);
  app = createHttpApp({ ownNames: [], trustedProxies, fillRandom, onInternalError: () => {} });
  app.get('/sender', async (request) => ({
    sender: request.clientAddress,
    host: request.host,
    protocol: request.protocol,
  }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { body } = await exchange(url, rawRequest({ target: '/sender', headers }));
  expect(JSON.parse(body)).toMatchObject({ host: 'localhost', protocol: 'http' });
  return JSON.parse(body).sender;
}

const forwarded = (value: string) => ['x-forwarded-for', value] as const;

describe('the sender of a request', () => {
  it('is the peer when nobody is trusted, whatever the headers say', async () => {
    const headers = [forwarded('1.2.3.4'), ['forwarded', 'for=1.2.3.4'], ['x-real-ip', '1.2.3.4']] as const;
    expect(await senderOf([], headers)).toBe('127.0.0.1');
  });

  it('is the peer when another is trusted', async () => {
    expect(await senderOf(['10.0.0.0/8'], [forwarded('1.2.3.4')])).toBe('127.0.0.1');
  });

  it('is whom a trusted proxy names, and neither host nor protocol come from it', async () => {
    const headers = [
      forwarded('6.6.6.6, 203.0.113.7'),
      ['x-forwarded-host', 'evil'],
      ['x-forwarded-proto', 'https'],
    ] as const;
    expect(await senderOf(['127.0.0.1'], headers)).toBe('203.0.113.7');
  });

  it('is read from several headers as from one list', async () => {
    expect(await senderOf(['127.0.0.1'], [forwarded('6.6.6.6'), forwarded('203.0.113.7')])).toBe('203.0.113.7');
  });

  it.each([
    ['200 hops', Array.from({ length: 200 }, () => '127.0.0.1').join(','), '127.0.0.1'],
    ['no address', 'x'.repeat(5000), '127.0.0.1'],
    ['IPv4 inside IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['bytes that are no ASCII', '\x9b2J', '127.0.0.1'],
  ])('is an address also with %s', async (_, value, expected) => {
    expect(await senderOf(['127.0.0.1'], [forwarded(value)])).toBe(expected);
  });
});
