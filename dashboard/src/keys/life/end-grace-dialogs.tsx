import type { KeyStats, KeySummary } from '../../../../src/core/key-service.ts';
import { ConfirmDialog } from '../../controls/confirm-dialog.tsx';
import { problemText } from '../../controls/problem.tsx';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { Caller } from './caller.tsx';
import styles from './life.module.css';
import { useGraceChange } from './use-grace-change.ts';

interface EndDialogProps {
  readonly summary: KeySummary;
  readonly present: KeyStats;
  readonly onClose: () => void;
}

/** Ends the old secret now. */
export function EndGraceDialog({ summary, present, onClose }: EndDialogProps) {
  const words = keyLifeTexts.endGrace;
  const change = useGraceChange(summary.id, onClose);
  const old = present.previousSecret;
  return (
    <ConfirmDialog
      title={words.title}
      text={old?.safeToEnd === true ? words.safe : words.unsafe}
      action={words.submit}
      isPending={change.isPending}
      onConfirm={() => change.mutate({ kind: 'end' })}
      onClose={onClose}
    >
      <p>
        {words.use} <Caller use={old?.lastUse ?? null} nobody={words.unused} />
      </p>
      <ChangeProblem error={change.error} />
    </ConfirmDialog>
  );
}

/** Undoes a rotation: the new secret ends now, the old one stays. */
export function CancelDialog({ summary, present, onClose }: EndDialogProps) {
  const words = keyLifeTexts.cancel;
  const change = useGraceChange(summary.id, onClose);
  return (
    <ConfirmDialog
      title={words.title}
      text={words.text}
      action={words.submit}
      isPending={change.isPending}
      onConfirm={() => change.mutate({ kind: 'cancel' })}
      onClose={onClose}
    >
      <p>
        {words.use} <Caller use={present.currentSecret.lastUse} nobody={words.unused} />
      </p>
      <ChangeProblem error={change.error} />
    </ConfirmDialog>
  );
}

function ChangeProblem({ error }: { readonly error: unknown }) {
  if (error === null) return null;
  return (
    <p className={styles.problem} role="alert">
      {problemText(error)}
    </p>
  );
}
