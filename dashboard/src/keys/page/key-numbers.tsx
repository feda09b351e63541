import type { KeyStats } from '../../../../src/core/key-service.ts';
import { Named } from '../../controls/named.tsx';
import { keyPageTexts as words } from '../../texts/key-page.ts';
import { shortNumber } from '../../texts.ts';
import styles from './page.module.css';

/** What a window comes to: how the requests were answered, and how fast. */
export function KeyNumbers({ stats }: { readonly stats: KeyStats }) {
  const { served, errorRate, rateLimited, refused, latency } = stats;
  const milliseconds = (value: number | undefined) => (value === undefined ? words.nothing : words.milliseconds(value));
  const numbers = [
    [words.served, shortNumber(served)],
    [words.errorRate, errorRate === null ? words.nothing : words.percent(errorRate)],
    [words.limited, shortNumber(rateLimited)],
    [words.refused, shortNumber(refused)],
    ['p50', milliseconds(latency?.p50Ms)],
    ['p95', milliseconds(latency?.p95Ms)],
    ['p99', milliseconds(latency?.p99Ms)],
  ] as const;
  return (
    <>
      <dl className={styles.numbers}>
        {numbers.map(([name, value]) => (
          <Named key={name} name={name}>
            {value}
          </Named>
        ))}
      </dl>
      {refused === 0 ? null : <p className={styles.note}>{words.refusals(stats.refusals)}</p>}
    </>
  );
}
