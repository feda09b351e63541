import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { KeySummary } from '../../../../src/core/key-service.ts';
import { Button } from '../../controls/button.tsx';
import { Actions, Modal } from '../../controls/modal.tsx';
import { presentQuery } from '../../server/queries.ts';
import { services } from '../../server/services.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { texts } from '../../texts.ts';
import { fullTime, useNow } from '../../times.ts';
import { Caller } from './caller.tsx';
import { DEFAULT_STOP, GRACE_STOPS_MS, spanText } from './grace.ts';
import styles from './life.module.css';
import { MintingProblem } from './minting-problem.tsx';
import { useMinting } from './use-minting.ts';

const words = keyLifeTexts.rotate;

interface RotateDialogProps {
  readonly summary: KeySummary;
  readonly onClose: () => void;
}

/** Replaces the secret of a key, and asks for how long the old one is to work. */
export default function RotateDialog({ summary, onClose }: RotateDialogProps) {
  const [stop, setStop] = useState(DEFAULT_STOP);
  const graceMs = GRACE_STOPS_MS[stop] ?? 0;
  const minting = useMinting({
    kind: 'rotated',
    environment: summary.environment,
    send: (secret) => services.keys.rotate(summary.id, { graceMs, replaceNew: false, secret }),
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    minting.start();
  };
  return (
    <Modal title={words.title(summary.name)} text={words.text} onClose={() => minting.isPending || onClose()}>
      <form onSubmit={submit}>
        <fieldset className={styles.fields} disabled={minting.isPending || minting.isLost}>
          <GraceSlider stop={stop} onChange={setStop} />
        </fieldset>
        {graceMs === 0 ? <EndsAtOnce keyId={summary.id} /> : null}
        <MintingProblem minting={minting} lost={words.lost} />
        <Actions>
          <Button onClick={onClose} disabled={minting.isPending}>
            {minting.isLost ? keyLifeTexts.leave : texts.cancel}
          </Button>
          <Button kind={graceMs === 0 ? 'danger' : 'primary'} type="submit" disabled={minting.isPending}>
            {minting.isPending ? words.pending : minting.isLost ? texts.retry : words.submit}
          </Button>
        </Actions>
      </form>
    </Modal>
  );
}

function GraceSlider({ stop, onChange }: { readonly stop: number; readonly onChange: (stop: number) => void }) {
  const id = useId();
  const now = useNow();
  const graceMs = GRACE_STOPS_MS[stop] ?? 0;
  const span = graceMs === 0 ? words.atOnce : spanText(graceMs);
  return (
    <div className={styles.slider}>
      <div className={styles.sliderHead}>
        <label htmlFor={id}>{words.grace}</label>
        <strong>{span}</strong>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={GRACE_STOPS_MS.length - 1}
        step={1}
        value={stop}
        aria-valuetext={span}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      />
      <p className={styles.hint}>{graceMs === 0 ? words.refusedAtOnce : words.until(fullTime(now + graceMs))}</p>
    </div>
  );
}

/** Who is cut off without a grace window. */
function EndsAtOnce({ keyId }: { readonly keyId: string }) {
  const { data } = useQuery(presentQuery(keyId));
  return (
    <p className={styles.warning} role="status">
      {words.cutOff} {data === undefined ? null : <Caller use={data.currentSecret.lastUse} nobody={words.unused} />}
    </p>
  );
}
