import { type KeyboardEvent, type UIEvent, useEffect, useRef, useState } from 'react';
import type { LogItem } from '../../../src/client/follow.ts';
import type { StoredEvent } from '../../../src/core/render-event.ts';
import { logTexts } from '../texts/log.ts';
import styles from './log.module.css';
import { seqOf } from './log-buffer.ts';
import { LogLine } from './log-line.tsx';
import { ROW_HEIGHT, useRows } from './use-rows.ts';

interface LogListProps {
  /** The newest first. */
  readonly lines: readonly LogItem[];
  /** The event whose detail is open. */
  readonly openSeq: number | null;
  readonly isHeld: boolean;
  readonly onHold: () => void;
  readonly onResume: () => void;
  readonly onOpen: (event: StoredEvent) => void;
}

/** A list of which only those lines are in the document that are seen, and a few around them. */
export function LogList({ lines, openSeq, isHeld, onHold, onResume, onOpen }: LogListProps) {
  const place = useRef<HTMLDivElement>(null);
  const { first, last, onScroll } = useRows(place, lines.length);
  const [wasHeld, setWasHeld] = useState(isHeld);
  useEffect(() => {
    if (wasHeld && !isHeld) place.current?.scrollTo({ top: 0 });
    setWasHeld(isHeld);
  }, [wasHeld, isHeld]);
  const scroll = (event: UIEvent<HTMLDivElement>) => {
    onScroll();
    if (event.currentTarget.scrollTop >= ROW_HEIGHT) onHold();
  };
  return (
    <div className={styles.sheet}>
      <div className={styles.heads} aria-hidden="true">
        {Object.entries(logTexts.columns).map(([name, label]) => (
          <span key={name} className={styles[name]}>
            {label}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the lines in it are buttons; the keys go from one to the next. */}
      <div
        ref={place}
        className={styles.lines}
        onScroll={scroll}
        onKeyDown={(event) => moveFocus(event, onResume)}
        onFocus={onHold}
      >
        <ol aria-label={logTexts.title} className={styles.list} style={{ height: lines.length * ROW_HEIGHT }}>
          {lines.slice(first, last).map((line, index) => (
            <LogLine
              key={`${line.kind}${seqOf(line)}`}
              line={line}
              top={(first + index) * ROW_HEIGHT}
              position={first + index + 1}
              count={lines.length}
              isOpen={seqOf(line) === openSeq}
              onOpen={onOpen}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

/** The arrow keys go from line to line; Escape goes back to what happens now. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>, onResume: () => void): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  if (event.key === 'Escape') {
    buttons[at]?.blur();
    onResume();
    return;
  }
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const target = buttons[at + step];
  if (step === 0 || target === undefined) return;
  event.preventDefault();
  target.focus();
}
