import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { MAX_REASON_LENGTH } from '../../../../src/api/key-requests.ts';
import type { KeyStats, KeySummary, RevokedKey } from '../../../../src/core/key-service.ts';
import { Button } from '../../controls/button.tsx';
import { Actions, Modal } from '../../controls/modal.tsx';
import { Named } from '../../controls/named.tsx';
import { problemText } from '../../controls/problem.tsx';
import { TextField } from '../../controls/text-field.tsx';
import { presentQuery, refreshKey } from '../../server/queries.ts';
import { services } from '../../server/services.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { texts } from '../../texts.ts';
import { hourText } from '../../times.ts';
import { Caller } from './caller.tsx';
import styles from './life.module.css';
import { lastCaller, needsName, requestsOf } from './revoke-rules.ts';

const words = keyLifeTexts.revoke;

interface RevokeDialogProps {
  readonly summary: KeySummary;
  readonly onClose: () => void;
}

/** Ends a key for ever: what that comes to first, and then where it is in force. */
export default function RevokeDialog({ summary, onClose }: RevokeDialogProps) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (reason: string | null) => services.keys.revoke(summary.id, reason),
    onSuccess: () => void refreshKey(client, summary),
  });
  if (revoke.data !== undefined) return <Revoked name={summary.name} revoked={revoke.data} onClose={onClose} />;
  return (
    <Modal title={words.title(summary.name)} text={words.text} onClose={() => revoke.isPending || onClose()}>
      <RevokeForm
        summary={summary}
        isPending={revoke.isPending}
        problem={revoke.isError ? problemText(revoke.error) : null}
        onRevoke={revoke.mutate}
        onClose={onClose}
      />
    </Modal>
  );
}

interface RevokeFormProps extends RevokeDialogProps {
  readonly isPending: boolean;
  readonly problem: string | null;
  readonly onRevoke: (reason: string | null) => void;
}

function RevokeForm({ summary, isPending, problem, onRevoke, onClose }: RevokeFormProps) {
  const present = useQuery(presentQuery(summary.id));
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const isNameNeeded = needsName(summary, present.data ?? null);
  const mayRevoke = !isPending && !present.isLoading && (!isNameNeeded || typed.trim() === summary.name.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mayRevoke) onRevoke(reason.trim() === '' ? null : reason.trim());
  };
  return (
    <form onSubmit={submit}>
      <Consequence present={present.data ?? null} isUnknown={present.isError} />
      <TextField
        label={words.reason}
        hint={words.reasonHint}
        maxLength={MAX_REASON_LENGTH}
        value={reason}
        onChange={setReason}
      />
      {isNameNeeded ? (
        <TextField label={words.typeName(summary.name)} spellCheck={false} value={typed} onChange={setTyped} />
      ) : null}
      {problem === null ? null : (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <Actions>
        <Button onClick={onClose} disabled={isPending}>
          {texts.cancel}
        </Button>
        <Button kind="danger" type="submit" disabled={!mayRevoke}>
          {isPending ? words.pending : words.submit}
        </Button>
      </Actions>
    </form>
  );
}

/** Who uses the key, and so is refused from then on. */
function Consequence({ present, isUnknown }: { readonly present: KeyStats | null; readonly isUnknown: boolean }) {
  if (present === null) return <p className={styles.warning}>{isUnknown ? words.unknown : texts.loading}</p>;
  const requests = requestsOf(present);
  return (
    <dl className={`${styles.uses} ${requests === 0 ? '' : styles.warning}`}>
      <Named name={words.requests(hourText(present.since))}>{words.requestsIn(requests)}</Named>
      <Named name={words.caller}>
        <Caller use={lastCaller(present)} nobody={words.nobody} />
      </Named>
    </dl>
  );
}

interface RevokedProps {
  readonly name: string;
  readonly revoked: RevokedKey;
  readonly onClose: () => void;
}

function Revoked({ name, revoked: { gateways }, onClose }: RevokedProps) {
  return (
    <Modal title={words.done(name)} text={words.doneText} onClose={onClose}>
      <p className={styles.result} role="status">
        {keyLifeTexts.inForce(gateways)}
      </p>
      {gateways.unconfirmed.length === 0 ? null : <p>{words.unconfirmed(gateways.unconfirmed)}</p>}
      <Actions>
        <Button kind="primary" onClick={onClose}>
          {texts.close}
        </Button>
      </Actions>
    </Modal>
  );
}
