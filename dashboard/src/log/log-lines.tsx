import { useState } from 'react';
import type { StoredEvent } from '../../../src/core/render-event.ts';
import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { logTexts } from '../texts/log.ts';
import { EventDetail } from './event-detail.tsx';
import styles from './log.module.css';
import type { LogView } from './log-buffer.ts';
import { LogList } from './log-list.tsx';

const words = logTexts;

interface LogLinesProps {
  /** As it is now. */
  readonly view: LogView;
  readonly showsProfiles: boolean;
}

/** The lines, which stand still while somebody reads: by the button, by scrolling down, or by going to one of them. */
export function LogLines({ view, showsProfiles }: LogLinesProps) {
  const [held, setHeld] = useState<LogView | null>(null);
  const [detail, setDetail] = useState<StoredEvent | null>(null);
  const shown = held ?? view;
  const hold = () => setHeld((before) => before ?? view);
  const resume = () => setHeld(null);
  const fresh = view.received - shown.received;
  return (
    <>
      <div className={styles.bar}>
        <Button onClick={held === null ? hold : resume}>{held === null ? words.pause : words.resume}</Button>
        {held === null ? null : <span className={styles.paused}>{words.paused(fresh)}</span>}
        <span className={styles.count} data-received={shown.received} data-skipped={shown.skipped}>
          {words.counted(shown.received - shown.skipped, shown.received)}
        </span>
      </div>
      <div className={detail === null ? undefined : styles.split}>
        {shown.lines.length === 0 ? (
          <div className={styles.sheet}>
            <Notice title={words.none.title} text={words.none.text} />
          </div>
        ) : (
          <LogList
            lines={shown.lines}
            openSeq={detail?.seq ?? null}
            isHeld={held !== null}
            onHold={hold}
            onResume={resume}
            onOpen={setDetail}
          />
        )}
        {detail === null ? null : (
          <EventDetail event={detail} showsProfile={showsProfiles} onClose={() => setDetail(null)} />
        )}
      </div>
    </>
  );
}
