import { lazy, Suspense, useState } from 'react';
import type { KeySummary } from '../../../../src/core/key-service.ts';
import { Button } from '../../controls/button.tsx';
import { usePlace } from '../../place/place.tsx';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { isStanding } from '../key-list.ts';
import styles from './life.module.css';

const EditDialog = lazy(() => import('./edit-dialog.tsx'));
const RotateDialog = lazy(() => import('./rotate-dialog.tsx'));
const RevokeDialog = lazy(() => import('./revoke-dialog.tsx'));

const DIALOGS = { edit: EditDialog, rotate: RotateDialog, revoke: RevokeDialog } as const;

/** What can be done to a key by whoever looks at it. The server decides again. */
export function KeyActions({ summary }: { readonly summary: KeySummary }) {
  const { may, profile } = usePlace();
  const [dialog, setDialog] = useState<keyof typeof DIALOGS | null>(null);
  const Dialog = dialog === null ? null : DIALOGS[dialog];
  // The role is that of the place, which a moment ago may have been another team.
  const isHere = profile?.id === summary.profileId;
  return (
    <div className={styles.actions}>
      {isHere && may('key.update') && isStanding(summary) ? (
        <Button onClick={() => setDialog('edit')}>{keyLifeTexts.edit.open}</Button>
      ) : null}
      {isHere && may('key.rotate') && summary.status === 'active' ? (
        <Button onClick={() => setDialog('rotate')}>{keyLifeTexts.rotate.open}</Button>
      ) : null}
      {isHere && may('key.revoke') && isStanding(summary) ? (
        <Button onClick={() => setDialog('revoke')}>{keyLifeTexts.revoke.open}</Button>
      ) : null}
      {Dialog === null ? null : (
        <Suspense fallback={null}>
          <Dialog summary={summary} onClose={() => setDialog(null)} />
        </Suspense>
      )}
    </div>
  );
}
