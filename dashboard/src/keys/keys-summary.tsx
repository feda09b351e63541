import type { KeyActivity, KeySummary } from '../../../src/core/key-service.ts';
import { Named } from '../controls/named.tsx';
import { shortNumber, texts } from '../texts.ts';
import { isStanding } from './key-list.ts';
import styles from './keys.module.css';

interface KeysSummaryProps {
  readonly keys: readonly KeySummary[];
  /** `null` until it is known. */
  readonly activity: readonly KeyActivity[] | null;
}

/** What all keys of the profile did in the last day, in numbers. */
export function KeysSummary({ keys, activity }: KeysSummaryProps) {
  const sum = (countOf: (one: KeyActivity) => number) =>
    activity === null ? '–' : shortNumber(activity.reduce((total, one) => total + countOf(one), 0));
  const words = texts.keys.summary;
  const numbers = [
    [words.active, shortNumber(keys.filter(isStanding).length)],
    [words.served, sum(({ served }) => served.reduce((total, count) => total + count, 0))],
    [words.errors, sum(({ errors }) => errors)],
    [words.limited, sum(({ rateLimited }) => rateLimited)],
    [words.refused, sum(({ refused }) => refused)],
  ] as const;
  return (
    <dl className={styles.summary}>
      {numbers.map(([name, value]) => (
        <Named key={name} name={name}>
          {value}
        </Named>
      ))}
    </dl>
  );
}
