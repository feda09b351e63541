import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { Exchange } from './exchange.ts';

function begin(timeoutMs = 1000) {
  const client = new AbortController();
  return { client, exchange: new Exchange(new Request('http://a.example', { signal: client.signal }), timeoutMs) };
}

describe('an exchange', () => {
  it('ends with its client, also when nobody else has the request any more', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { client, exchange } = begin();
    for (let round = 0; round < 3; round++) {
      await nextTurn();
      collectGarbage();
    }
    client.abort();
    expect([exchange.signal.aborted, exchange.why]).toEqual([true, 'client_gone']);
  });

  it('ends with a client that was gone before', () => {
    const exchange = new Exchange(new Request('http://a.example', { signal: AbortSignal.abort() }), 1000);
    expect([exchange.signal.aborted, exchange.why]).toEqual([true, 'client_gone']);
  });

  it('waits for nothing that is slower than its end', async () => {
    vi.useFakeTimers();
    const { exchange } = begin(50);
    expect(await exchange.within(() => 'now')).toBe('now');
    const never = exchange.within(() => new Promise(() => {}));
    vi.advanceTimersByTime(50);
    await expect(never).rejects.toThrow('timeout');
    expect(exchange.failure('bad_body', 'request_timeout').code).toBe('request_timeout');
    vi.useRealTimers();
  });

  it('leaves no timer when it has ended, and no client can end it again', () => {
    vi.useFakeTimers();
    const { client, exchange } = begin();
    exchange.end();
    client.abort();
    expect([vi.getTimerCount(), exchange.signal.aborted, exchange.why]).toEqual([0, false, null]);
    expect(exchange.failure('bad_body').code).toBe('bad_body');
    vi.useRealTimers();
  });
});
