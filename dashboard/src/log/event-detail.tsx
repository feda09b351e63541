import { type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';
import type { StoredEvent } from '../../../src/core/render-event.ts';
import { maskedStart } from '../../../src/core/secret.ts';
import { Button } from '../controls/button.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Icon } from '../controls/icon.tsx';
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
        <Fact name={words.at}>
          {fullTime(event.at)} · {preciseTime(event.at)}
        </Fact>
        <Fact name={words.key}>
          <Link href={`/keys/${event.keyId}`}>{event.keyName}</Link> <code>{maskedStart(event.start)}</code>
        </Fact>
        {showsProfile ? (
          <Fact name={texts.place.profile}>
            {profiles.find(({ id }) => id === event.profileId)?.name ?? event.profileId}
          </Fact>
        ) : null}
        <Fact name={words.duration}>{spanOfUs(event.durationUs)}</Fact>
        <Fact name={words.blocks}>{event.blocks === null ? words.noBlocks : number(event.blocks)}</Fact>
        <Fact name={words.bytes}>{words.inAndOut(event.bytesIn, event.bytesOut)}</Fact>
        <Fact name={words.ip}>{event.ip}</Fact>
        <Fact name={words.agent}>{event.agent === '' ? words.noAgent : event.agent}</Fact>
        <Fact name={words.requestId}>
          <code>{event.requestId}</code> <CopyButton text={event.requestId} label={words.requestId} />
        </Fact>
        <Fact name={words.seq}>{number(event.seq)}</Fact>
      </dl>
    </aside>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
