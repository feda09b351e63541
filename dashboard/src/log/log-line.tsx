import { memo } from 'react';
import type { LogItem } from '../../../src/client/follow.ts';
import type { StoredEvent } from '../../../src/core/render-event.ts';
import { maskedStart } from '../../../src/core/secret.ts';
import { logTexts } from '../texts/log.ts';
import { preciseTime, spanOfUs } from '../times.ts';
import styles from './log.module.css';

interface LogLineProps {
  readonly line: LogItem;
  /** From the top of the list, in pixels. */
  readonly top: number;
  /** In the list, from 1. */
  readonly position: number;
  readonly count: number;
  readonly isOpen: boolean;
  readonly onOpen: (event: StoredEvent) => void;
}

export const LogLine = memo(function LogLine({ line, top, position, count, isOpen, onOpen }: LogLineProps) {
  const at = { top };
  const place = { 'aria-posinset': position, 'aria-setsize': count };
  if (line.kind === 'gap') {
    return (
      <li className={styles.gap} style={at} {...place}>
        {logTexts.gap(line.missed)}
      </li>
    );
  }
  const { event } = line;
  return (
    <li className={styles.item} style={at} {...place}>
      <button
        type="button"
        className={styles.line}
        aria-expanded={isOpen}
        data-seq={event.seq}
        onClick={() => onOpen(event)}
      >
        <span className={styles.time}>{preciseTime(event.at)}</span>
        <Status status={event.status} />
        <span className={styles.duration}>{spanOfUs(event.durationUs)}</span>
        <span className={styles.key}>
          {event.keyName} <code>{maskedStart(event.start)}</code>
        </span>
        <span className={styles.route}>
          <span className={styles.method}>{event.method}</span> {event.path}
        </span>
        <span className={styles.note}>{logTexts.note(event)}</span>
      </button>
    </li>
  );
});

const TONES = [styles.good, styles.good, styles.good, styles.good, styles.warn, styles.bad];

export function Status({ status }: { readonly status: number }) {
  return <span className={`${styles.status} ${TONES[Math.floor(status / 100)] ?? ''}`}>{status}</span>;
}
