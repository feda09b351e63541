import { MINUTE_MS } from '../core/clock.ts';
import type { UnknownKeys, UnknownKeysReport } from '../gateway/unknown-keys.ts';

const INTERVAL_MS = 10 * MINUTE_MS;

/** Tells every ten minutes until `stop`, and then once more, of requests with unknown keys, if there were any. */
export function tellUnknownKeys(unknown: UnknownKeys, onReport: (report: UnknownKeysReport) => void): () => void {
  const tell = () => {
    const report = unknown.take();
    if (report !== null) onReport(report);
  };
  const timer = setInterval(tell, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    tell();
  };
}

/** As facts of one line of a log. */
export function unknownKeysFacts({ requests, networks, most }: UnknownKeysReport): Record<string, string | number> {
  const from = most.map(({ network, requests: count }) => `${network} (${count})`);
  return { requests, networks, most: from.join(', ') };
}
