import { Link } from 'wouter';
import type { KeyActivity, KeySummary } from '../../../src/core/key-service.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { texts } from '../texts.ts';
import { relativeTime } from '../times.ts';
import { isStanding } from './key-list.ts';
import { Ago, Mask, StatusBadge } from './key-words.tsx';
import styles from './keys.module.css';

interface KeyRowProps {
  readonly summary: KeySummary;
  /** `null` until it is known. */
  readonly activity: KeyActivity | null;
  readonly now: number;
}

export function KeyRow({ summary: key, activity, now }: KeyRowProps) {
  return (
    <tr className={styles.row}>
      <td>
        <Link href={`/keys/${key.id}`} className={styles.name}>
          {key.name}
        </Link>
        <span className={styles.below}>
          <Mask start={key.start} />
          <span>{texts.environment[key.environment]}</span>
        </span>
      </td>
      <td className={styles.middle}>
        <Mask start={key.start} />
      </td>
      <td className={styles.middle}>{texts.environment[key.environment]}</td>
      <td>
        <StatusBadge status={key.status} />
        <StatusNote summary={key} now={now} />
        <span className={styles.below}>
          <Ago time={key.lastUsedAt} now={now} />
        </span>
      </td>
      <td className={`${styles.middle} ${styles.nowrap}`}>
        <Ago time={key.lastUsedAt} now={now} />
      </td>
      <td className={styles.wide}>{activity === null ? null : <Activity {...activity} />}</td>
    </tr>
  );
}

/** What will end soon by itself. */
function StatusNote({ summary: key, now }: Pick<KeyRowProps, 'summary' | 'now'>) {
  const note =
    key.previousSecret !== null
      ? texts.keys.until(relativeTime(key.previousSecret.acceptedUntil, now))
      : key.expiresAt !== null && isStanding(key)
        ? texts.keys.expires(relativeTime(key.expiresAt, now))
        : null;
  return note === null ? null : <span className={styles.note}>{note}</span>;
}

function Activity({ served, errors }: KeyActivity) {
  const total = served.reduce((sum, count) => sum + count, 0);
  return <Sparkline values={served} label={texts.keys.served(total, errors)} />;
}
