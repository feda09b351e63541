import { expect, it } from 'vitest';
import { UnknownKeys } from './unknown-keys.ts';

it('tells where most requests with unknown keys came from, and then begins anew', () => {
  const unknown = new UnknownKeys();
  expect(unknown.take()).toBeNull();
  for (let address = 1; address <= 12; address++) {
    for (let sent = 0; sent < address; sent++) unknown.count(`192.0.2.${address}`);
  }
  const report = unknown.take();
  expect(report).toMatchObject({ requests: 78, networks: 12 });
  expect(report?.most).toHaveLength(10);
  expect(report?.most.slice(0, 2)).toEqual([
    { network: '192.0.2.12', requests: 12 },
    { network: '192.0.2.11', requests: 11 },
  ]);
  expect(unknown.take()).toBeNull();
});

it('takes the addresses of one IPv6 network for one', () => {
  const unknown = new UnknownKeys();
  for (const ip of ['2001:db8:0:1::1', '2001:db8:0:1:9:8:7:6', '2001:db8:0:2::1']) unknown.count(ip);
  expect(unknown.take()?.most).toEqual([
    { network: '2001:db8:0:1::/64', requests: 2 },
    { network: '2001:db8:0:2::/64', requests: 1 },
  ]);
});

it('counts every request, and keeps only so many networks in memory', () => {
  const unknown = new UnknownKeys();
  for (let address = 0; address < 50_000; address++)
    unknown.count(`10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`);
  expect(unknown.networks).toBe(10_000);
  expect(unknown.take()).toMatchObject({ requests: 50_000, networks: 10_000 });
});
