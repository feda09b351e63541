import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { KeySummary } from '../../../../src/core/key-service.ts';
import { Badge } from '../../controls/badge.tsx';
import { Button } from '../../controls/button.tsx';
import { Icon } from '../../controls/icon.tsx';
import { MenuAction, MenuButton } from '../../controls/menu.tsx';
import { problemText } from '../../controls/problem.tsx';
import { presentQuery } from '../../server/queries.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { fullTime, useNow } from '../../times.ts';
import { Mask } from '../key-words.tsx';
import pageStyles from '../keys.module.css';
import { EXTENSIONS_MS, spanText } from './grace.ts';
import { GraceTraffic } from './grace-traffic.tsx';
import styles from './life.module.css';
import { useGraceChange } from './use-grace-change.ts';

const EndGraceDialog = lazy(() => import('./end-grace-dialogs.tsx').then((all) => ({ default: all.EndGraceDialog })));
const CancelDialog = lazy(() => import('./end-grace-dialogs.tsx').then((all) => ({ default: all.CancelDialog })));
const ReplaceDialog = lazy(() => import('./replace-dialog.tsx'));

const words = keyLifeTexts.grace;
/** With seconds on the last day. */
const COUNTDOWN_UNITS = 3;
const DIALOGS = { end: EndGraceDialog, cancel: CancelDialog, replace: ReplaceDialog } as const;

interface GracePanelProps {
  readonly summary: KeySummary;
  readonly mayRotate: boolean;
}

/** A rotation that is under way: how long the old secret works, who still uses it, and what can be done about it. */
export function GracePanel({ summary, mayRotate }: GracePanelProps) {
  const { data: present } = useQuery(presentQuery(summary.id));
  const [dialog, setDialog] = useState<keyof typeof DIALOGS | null>(null);
  const Dialog = dialog === null ? null : DIALOGS[dialog];
  const old = summary.previousSecret;
  // A dialog stays until it is done: the change that it makes ends the window.
  if (old === null && Dialog === null) return null;
  const use = present?.previousSecret ?? null;
  return (
    <section className={`${pageStyles.panel} ${styles.grace}`} aria-labelledby="rotation">
      <div className={pageStyles.panelHead}>
        <h2 id="rotation">{words.title}</h2>
        {use === null ? null : (
          <Badge tone={use.safeToEnd ? 'good' : 'warn'}>{use.safeToEnd ? words.safe : words.unsafe}</Badge>
        )}
      </div>
      {old === null ? null : <Countdown start={old.start} until={old.acceptedUntil} />}
      {present === undefined ? null : <GraceTraffic present={present} />}
      {mayRotate ? <GraceActions keyId={summary.id} onOpen={setDialog} /> : null}
      {Dialog === null || present === undefined ? null : (
        <Suspense fallback={null}>
          <Dialog summary={summary} present={present} onClose={() => setDialog(null)} />
        </Suspense>
      )}
    </section>
  );
}

function Countdown({ start, until }: { readonly start: string; readonly until: number }) {
  const now = useNow(1000);
  return (
    <p className={styles.countdown}>
      <Mask start={start} /> {words.accepted} <strong>{spanText(until - now, COUNTDOWN_UNITS)}</strong>{' '}
      {words.until(fullTime(until))}
    </p>
  );
}

interface GraceActionsProps {
  readonly keyId: string;
  readonly onOpen: (dialog: keyof typeof DIALOGS) => void;
}

function GraceActions({ keyId, onOpen }: GraceActionsProps) {
  const extend = useGraceChange(keyId, () => {});
  return (
    <>
      <div className={styles.graceActions}>
        <Button onClick={() => onOpen('end')}>{words.end}</Button>
        <MenuButton
          trigger={
            <Button disabled={extend.isPending}>
              {words.extend}
              <Icon name="chevrons" />
            </Button>
          }
        >
          {EXTENSIONS_MS.map((byMs) => (
            <MenuAction key={byMs} onClick={() => extend.mutate({ kind: 'extend', byMs })}>
              {words.extendBy(spanText(byMs))}
            </MenuAction>
          ))}
        </MenuButton>
        <Button onClick={() => onOpen('replace')}>{words.replace}</Button>
        <Button onClick={() => onOpen('cancel')}>{words.cancel}</Button>
      </div>
      {extend.error === null ? null : (
        <p className={styles.problem} role="alert">
          {problemText(extend.error)}
        </p>
      )}
    </>
  );
}
