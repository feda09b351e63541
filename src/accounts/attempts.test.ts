import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptKind } from '../core/attempts.ts';
import { memoryAttempts, SHARES } from './attempts.ts';

const HOUR_MS = 60 * 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function failures(
  attempts: ReturnType<typeof memoryAttempts>,
  number: number,
  ip: string,
  account: string | null,
) {
  for (let count = 0; count < number; count += 1) await attempts.count('sign_in', { ip, account });
}

describe('attempts to sign in', () => {
  it('are refused from the sixth failure on from one address on one account, and again allowed when the time is over', async () => {
    const attempts = memoryAttempts();
    await failures(attempts, 5, '192.0.2.1', 'ann@example.com');
    await expect(attempts.count('sign_in', { ip: '192.0.2.1', account: 'ann@example.com' })).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 15 * 60_000,
    });
    vi.advanceTimersByTime(15 * 60_000);
    await attempts.count('sign_in', { ip: '192.0.2.1', account: 'ann@example.com' });
  });

  it('from elsewhere on the same account go on, so that nobody is locked out by somebody else', async () => {
    const attempts = memoryAttempts();
    await failures(attempts, 5, '192.0.2.1', 'ann@example.com');
    await failures(attempts, 5, '192.0.2.2', 'ann@example.com');
  });

  it('on one account from many addresses end at 50 an hour', async () => {
    const attempts = memoryAttempts();
    for (let host = 1; host <= 50; host += 1) await failures(attempts, 1, `192.0.2.${host}`, 'ann@example.com');
    await expect(failures(attempts, 1, '192.0.2.99', 'ann@example.com')).rejects.toThrow('Too many attempts');
    vi.advanceTimersByTime(HOUR_MS);
    await failures(attempts, 1, '192.0.2.99', 'ann@example.com');
  });

  it('from one address on many accounts end at 30, and leave no trace of further accounts', async () => {
    const attempts = memoryAttempts();
    for (let count = 0; count < 30; count += 1) await failures(attempts, 1, '192.0.2.1', `p${count}@example.com`);
    for (let count = 0; count < 3; count += 1) {
      await expect(failures(attempts, 1, '192.0.2.1', 'ann@example.com')).rejects.toThrow('Too many attempts');
    }
    await failures(attempts, 5, '192.0.2.2', 'ann@example.com');
  });

  it('that were right do not count', async () => {
    const attempts = memoryAttempts();
    const by = { ip: '192.0.2.1', account: 'ann@example.com' };
    for (let count = 0; count < 100; count += 1) {
      await attempts.count('sign_in', by);
      await attempts.forgive('sign_in', by);
    }
  });

  it('count an IPv6 network of 64 bits as one address, however it is written', async () => {
    const attempts = memoryAttempts();
    for (let host = 0; host < 30; host += 1) await failures(attempts, 1, `2001:db8:0:1::${host.toString(16)}`, null);
    await expect(failures(attempts, 1, '2001:db8:0:1:ffff::1', null)).rejects.toThrow('Too many attempts');
    await failures(attempts, 1, '2001:db8:0:2::1', null);
  });
});

it.each(Object.entries(SHARES))('%s is limited by address, and says for how long', async (kind, { address }) => {
  const attempts = memoryAttempts();
  const by = { ip: '192.0.2.1', account: null };
  for (let count = 0; count < address.attempts; count += 1) await attempts.count(kind as AttemptKind, by);
  await expect(attempts.count(kind as AttemptKind, by)).rejects.toMatchObject({
    hint: `wait ${address.perS / 60} minutes, then try again`,
  });
});
