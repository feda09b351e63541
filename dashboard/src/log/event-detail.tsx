import { useEffect } from 'react';
import { Link } from 'wouter';
import type { StoredEvent } from '../../../src/core/render-event.ts';
import { maskedStart } from '../../../src/core/secret.ts';
import { Button } from '../controls/button.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Icon } from '../controls/icon.tsx';
import { Named } from '../controls/named.tsx';
import { usePlace } from '../place/place.tsx';
import { logTexts } from '../texts/log.ts';
import { number, texts } from '../texts.ts';
import { fullTime, preciseTime, spanOfUs } from '../times.ts';
import styles from './log.module.css';
import { Status } from './log-line.tsx';

const words = logTexts.detail;

interface EventDetailProps {
  readonly event: StoredEvent;
  readonly showsProfile: boolean;
  readonly onClose: () => void;
}

/** All that is known of one request. */
export function EventDetail({ event, showsProfile, onClose }: EventDetailProps) {
  const { profiles } = usePlace();
  useEffect(() => {
    const close = ({ key }: KeyboardEvent) => key === 'Escape' && onClose();
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [onClose]);
  return (
    <aside className={styles.detail} aria-label={words.title}>
      <div className={styles.detailHead}>
        <h2>
          <Status status={event.status} /> {event.method} {event.path}
        </h2>
        <Button kind="quiet" aria-label={texts.close} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <p className={styles.outcome}>{logTexts.outcome(event)}</p>
      <dl className={styles.facts}>
        <Named name={words.at}>
          {fullTime(event.at)} · {preciseTime(event.at)}
        </Named>
        <Named name={words.key}>
          <Link href={`/keys/${event.keyId}`}>{event.keyName}</Link> <code>{maskedStart(event.start)}</code>
        </Named>
        {showsProfile ? (
          <Named name={texts.place.profile}>
            {profiles.find(({ id }) => id === event.profileId)?.name ?? event.profileId}
          </Named>
        ) : null}
        <Named name={words.duration}>{spanOfUs(event.durationUs)}</Named>
        <Named name={words.blocks}>{event.blocks === null ? words.noBlocks : number(event.blocks)}</Named>
        <Named name={words.bytes}>{words.inAndOut(event.bytesIn, event.bytesOut)}</Named>
        <Named name={words.ip}>{event.ip}</Named>
        <Named name={words.agent}>{event.agent === '' ? words.noAgent : event.agent}</Named>
        <Named name={words.requestId}>
          <code>{event.requestId}</code> <CopyButton text={event.requestId} label={words.requestId} />
        </Named>
        <Named name={words.seq}>{number(event.seq)}</Named>
      </dl>
    </aside>
  );
}
