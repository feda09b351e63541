import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import { withFlagValue } from './command-line.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

export interface DurationRule {
  /** The flag, as the error names it. */
  readonly flag: string;
  readonly minMs: number;
  readonly maxMs: number;
  /** The command line that has the flag, for hints. */
  readonly argv: readonly string[];
}

/** Reads `30s`, `30m`, `24h`, `90d` or `0` as milliseconds within the rule, or throws `usage` in one line. */
export function parseDuration(text: string, { flag, minMs, maxMs, argv }: DurationRule): number {
  const match = /^(?:0|(\d{1,9})([smhd]))$/.exec(text);
  const hint = (span: string) => withFlagValue(argv, flag, span);
  if (match === null) throw new OutkitError('usage', `${flag} takes a duration such as 30m, 24h or 7d`, hint('24h'));
  const spanMs = Number(match[1] ?? 0) * (UNITS_MS[match[2] ?? 's'] ?? 0);
  if (spanMs < minMs || spanMs > maxMs) {
    const [least, most] = [formatDuration(minMs), formatDuration(maxMs)];
    throw new OutkitError('usage', `${flag} takes from ${least} to ${most}`, hint(spanMs < minMs ? least : most));
  }
  return spanMs;
}

/** The span in the largest unit that divides it: `24h`, `7d`, `90m`. A day reads as `24h`, as people say it of a grace window. */
export function formatDuration(spanMs: number): string {
  if (spanMs === 0) return '0';
  if (spanMs % DAY_MS === 0 && spanMs > DAY_MS) return `${spanMs / DAY_MS}d`;
  if (spanMs % HOUR_MS === 0) return `${spanMs / HOUR_MS}h`;
  if (spanMs % MINUTE_MS === 0) return `${spanMs / MINUTE_MS}m`;
  return `${Math.round(spanMs / 1000)}s`;
}

/** How long something took: `0.4ms`, `12ms`, `13.5s`. */
export function formatMs(ms: number): string {
  if (ms >= 9999.5) return `${(ms / 1000).toFixed(1)}s`;
  return ms < 9.95 ? `${ms.toFixed(1)}ms` : `${Math.round(ms)}ms`;
}
