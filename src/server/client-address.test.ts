import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientAddress, isNetwork, PRIVATE_NETWORKS } from './client-address.ts';

const behindOwn = createClientAddress(PRIVATE_NETWORKS);
const list = (...addresses: string[]) => addresses.join(', ');

describe('the address of a client', () => {
  it.each([
    ['is that of the connection without the header', '10.0.0.1', undefined, '10.0.0.1'],
    ['is what the proxy heard', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['is the right-most that is no proxy', '127.0.0.1', list('1.1.1.1', '203.0.113.7', '10.2.3.4'), '203.0.113.7'],
    ['is the left-most when all are proxies', '10.0.0.1', list('10.0.0.3', '10.0.0.2'), '10.0.0.3'],
    ['is IPv6 in one spelling', '::1', '2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['is IPv4 when it comes inside IPv6', '::ffff:10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
    ['is IPv4 when it comes inside IPv6 in hexadecimal', '10.0.0.1', '::ffff:cb00:7107', '203.0.113.7'],
    ['is the same whatever the spaces', '10.0.0.1', ' 203.0.113.7 ,10.0.0.9\t', '203.0.113.7'],
  ])('%s', (_, peer, header, expected) => {
    expect(behindOwn(peer, header)).toBe(expected);
  });

  it.each(['203.0.113.1', '2001:db8::1', '11.0.0.1', 'unknown', '::ffff:203.0.113.1'])(
    'is that of the connection when %s sends the header',
    (peer) => {
      expect(behindOwn(peer, '1.2.3.4')).toBe(peer.replace('::ffff:', ''));
      expect(createClientAddress([])('127.0.0.1', '1.2.3.4')).toBe('127.0.0.1');
    },
  );

  it.each([
    'garbage',
    '',
    ' ',
    ',',
    'unknown',
    '_hidden',
    '1.2.3.4:5678',
    '[2001:db8::1]',
    '1.2.3',
    '01.2.3.4',
    'fe80::1%eth0',
    '1.2.3.4\u00a0',
    'for=1.2.3.4',
    '<script>',
    '1.2.3.4, garbage',
    'garbage, 10.0.0.2',
  ])('is that of the connection when the header is %j', (header) => {
    expect(behindOwn('10.0.0.1', header)).toBe('10.0.0.1');
  });

  it('is looked for among the last 20 hops only', () => {
    const hops = (count: number) => Array.from({ length: count }, () => '10.0.0.2');
    expect(behindOwn('10.0.0.1', list('203.0.113.7', ...hops(19)))).toBe('203.0.113.7');
    expect(behindOwn('10.0.0.1', list('203.0.113.7', ...hops(20)))).toBe('10.0.0.2');
    expect(behindOwn('10.0.0.1', list('garbage', ...hops(200)))).toBe('10.0.0.2');
  });

  it('is never changed by what stands left of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (sent) => {
        expect(behindOwn('10.0.0.1', `${sent}, 203.0.113.7`)).toBe('203.0.113.7');
      }),
    );
  });

  it('is an address, whatever the header', () => {
    const part = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        expect(isIP(behindOwn('10.0.0.1', parts.join(',')))).not.toBe(0);
      }),
    );
  });
});

describe('a network', () => {
  it.each(['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32', '1.2.3.4/32', '::ffff:10.0.0.1'])('can be %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });

  it.each(['', '/8', '10.0.0.0/', '10.0.0.0/0', '10.0.0.0/33', '::/0', '::/129', '10.0.0.0/8/8', 'a', '10.0.0.0/-1'])(
    'cannot be %j',
    (text) => {
      expect(isNetwork(text)).toBe(false);
    },
  );

  it('that is trusted is trusted to its last address, and no further', () => {
    const address = createClientAddress(['198.51.100.0/30', '2001:db8:1::/48', '::ffff:192.0.2.1']);
    expect(address('198.51.100.3', '1.2.3.4')).toBe('1.2.3.4');
    expect(address('198.51.100.4', '1.2.3.4')).toBe('198.51.100.4');
    expect(address('2001:db8:1:ffff::1', '1.2.3.4')).toBe('1.2.3.4');
    expect(address('2001:db8:2::1', '1.2.3.4')).toBe('2001:db8:2::1');
    expect(address('192.0.2.1', '1.2.3.4')).toBe('1.2.3.4');
  });
});
