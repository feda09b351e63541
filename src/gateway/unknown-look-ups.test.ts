import { describe, expect, it } from 'vitest';
import { UnknownLookUps } from './unknown-look-ups.ts';

function lookUps() {
  const clock = { now: 0 };
  const unknown = new UnknownLookUps(() => clock.now);
  const flood = (ip: string, times: number) => {
    for (let time = 0; time < times; time++) unknown.count(ip);
  };
  return { clock, unknown, flood };
}

describe('look-ups in vain', () => {
  it('are allowed up to a share of each address, which comes back with time', () => {
    const { clock, unknown, flood } = lookUps();
    flood('192.0.2.1', 499);
    expect(unknown.isExhausted('192.0.2.1')).toBe(false);
    flood('192.0.2.1', 1);
    expect([unknown.isExhausted('192.0.2.1'), unknown.isExhausted('192.0.2.2')]).toEqual([true, false]);
    clock.now += 1_000;
    expect(unknown.isExhausted('192.0.2.1')).toBe(false);
    flood('192.0.2.1', 50);
    expect(unknown.isExhausted('192.0.2.1')).toBe(true);
  });

  it('of one IPv6 network are those of one address', () => {
    const { unknown } = lookUps();
    for (let host = 0; host < 500; host++) unknown.count(`2001:db8:0:1::${host.toString(16)}`);
    expect([unknown.isExhausted('2001:db8:0:1::ffff'), unknown.isExhausted('2001:db8:0:2::1')]).toEqual([true, false]);
  });

  it('from more addresses than are remembered are counted together, and quiet ones are forgotten', () => {
    const { clock, unknown } = lookUps();
    for (let host = 0; host < 12_000; host++) unknown.count(`10.0.${host >> 8}.${host & 255}`);
    expect(unknown.isExhausted('10.9.9.9')).toBe(true);
    expect(unknown.isExhausted('10.0.0.1')).toBe(false);
    clock.now += 3_600_000;
    unknown.count('10.9.9.9');
    unknown.count('10.9.9.9');
    expect(unknown.isExhausted('10.9.9.9')).toBe(false);
  });
});
