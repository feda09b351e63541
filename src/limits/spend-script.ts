import { defineScript } from '@redis/client';
import { RATE_WINDOW_MS } from '../gateway/rate-limit.ts';

/** What Redis says of a key's running window. */
export interface SharedCount {
  readonly isWithin: boolean;
  /** Requests that were spent, with this one when it was. */
  readonly used: number;
  /** Until the window ends, by the clock of Redis; negative where there is none. */
  readonly ttlMs: number;
}

const PREFIX = 'outkit:limit:';

/**
 * As `spend` in the gateway does it, in one step. A value that cannot be a window of ours, of another type, not a count, or with an end
 * that is missing or too far, counts as none and is replaced: else a clock of Redis that was set back would keep a key out for as long.
 */
const SPEND = `
local limit, windowMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local value, ttlMs = redis.pcall('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
local isWindow = type(value) == 'string' and string.match(value, '^%d+$') and ttlMs > 0 and ttlMs <= windowMs
local used = isWindow and tonumber(value) or 0
if used >= limit then return {0, used, ttlMs} end
if used > 0 then
  redis.call('INCR', KEYS[1])
  return {1, used + 1, ttlMs}
end
redis.call('SET', KEYS[1], 1, 'PX', windowMs)
return {1, 1, windowMs}
`;

/** Spends one request of a key. With a limit of 0 it spends nothing and writes nothing: that reads. */
export const spendScript = defineScript({
  SCRIPT: SPEND,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, keyId: string, limit: number) {
    parser.pushKey(PREFIX + keyId);
    parser.push(String(limit), String(RATE_WINDOW_MS));
  },
  transformReply([isWithin, used, ttlMs]: [number, number, number]): SharedCount {
    return { isWithin: isWithin === 1, used, ttlMs };
  },
});
