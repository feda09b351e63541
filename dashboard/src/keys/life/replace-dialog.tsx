import type { KeyStats, KeySummary } from '../../../../src/core/key-service.ts';
import { ConfirmDialog } from '../../controls/confirm-dialog.tsx';
import { services } from '../../server/services.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { Caller } from './caller.tsx';
import { MintingProblem } from './minting-problem.tsx';
import { useMinting } from './use-minting.ts';

const words = keyLifeTexts.replace;

interface ReplaceDialogProps {
  readonly summary: KeySummary;
  readonly present: KeyStats;
  readonly onClose: () => void;
}

/** Mints again inside a grace window, because the new secret was lost. */
export default function ReplaceDialog({ summary, present, onClose }: ReplaceDialogProps) {
  const minting = useMinting({
    kind: 'rotated',
    environment: summary.environment,
    // The old secret keeps its end, so there is no grace to say.
    send: (secret) => services.keys.rotate(summary.id, { graceMs: 0, replaceNew: true, secret }),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={words.title}
      text={words.text}
      action={words.submit}
      isPending={minting.isPending}
      onConfirm={minting.start}
      onClose={onClose}
    >
      <p>
        {words.use} <Caller use={present.currentSecret.lastUse} nobody={words.unused} />
      </p>
      <MintingProblem minting={minting} lost={words.lost} />
    </ConfirmDialog>
  );
}
