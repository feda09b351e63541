import type { KeyStatus } from '../../../src/core/key.ts';
import { maskedStart } from '../../../src/core/secret.ts';
import { Badge } from '../controls/badge.tsx';
import { texts } from '../texts.ts';
import { fullTime, relativeTime } from '../times.ts';
import styles from './keys.module.css';

const TONES = { active: 'good', rotating: 'warn', expired: 'neutral', revoked: 'bad', archived: 'neutral' } as const;

export function StatusBadge({ status }: { readonly status: KeyStatus }) {
  return <Badge tone={TONES[status]}>{texts.status[status]}</Badge>;
}

/** What is shown of a secret: its first eight characters. */
export function Mask({ start }: { readonly start: string }) {
  return <code className={styles.mask}>{maskedStart(start)}</code>;
}

/** A time as it is from now, with the whole of it for whoever points at it. */
export function Ago({ time, now }: { readonly time: number | null; readonly now: number }) {
  if (time === null) return <span className={styles.never}>{texts.keys.never}</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={fullTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}
