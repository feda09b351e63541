import { OutkitError } from '../core/errors.ts';
import { MAX_RATE_LIMIT } from '../core/key.ts';
import { withFlagValue } from './command-line.ts';

/** The value of `--rate-limit`: requests a minute. Throws `usage`; `also` names what else may stand there. */
export function parseRateLimit(text: string, argv: readonly string[], also = ''): number {
  const limit = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (limit <= MAX_RATE_LIMIT) return limit;
  const hint = withFlagValue(argv, '--rate-limit', '100');
  throw new OutkitError('usage', `--rate-limit takes a whole number from 1 to ${MAX_RATE_LIMIT}${also}`, hint);
}
