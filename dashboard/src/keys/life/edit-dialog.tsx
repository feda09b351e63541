import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { KeySummary } from '../../../../src/core/key-service.ts';
import type { KeyUpdate } from '../../../../src/core/key-update.ts';
import { Button } from '../../controls/button.tsx';
import { Actions, Modal } from '../../controls/modal.tsx';
import { problemText } from '../../controls/problem.tsx';
import { useToast } from '../../controls/toasts.tsx';
import { refreshKey } from '../../server/queries.ts';
import { services } from '../../server/services.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { texts } from '../../texts.ts';
import { fullTime } from '../../times.ts';
import { type EditFields, NEW_EXPIRIES, type TermProblems, termProblemsOf, updateOf } from './key-terms.ts';
import styles from './life.module.css';
import { ExpiryChoice, TermDetails } from './term-fields.tsx';

const words = keyLifeTexts.edit;

interface EditDialogProps {
  readonly summary: KeySummary;
  readonly onClose: () => void;
}

/** Changes when a key ends and how often it may ask. */
export default function EditDialog({ summary, onClose }: EditDialogProps) {
  const client = useQueryClient();
  const tell = useToast();
  const [limitBefore] = useState(String(summary.rateLimitPerMinute ?? ''));
  const [fields, setFields] = useState<EditFields>({ expiry: 'keep', date: '', limit: limitBefore });
  const [problems, setProblems] = useState<TermProblems>({});
  const update = useMutation({
    mutationFn: (wanted: KeyUpdate) => services.keys.update(summary.id, wanted),
    onSuccess({ gateways }) {
      tell(`${words.done}: ${keyLifeTexts.inForce(gateways)}`);
      onClose();
    },
    onSettled: () => refreshKey(client, summary),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const now = Date.now();
    const found = termProblemsOf(fields, now);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const wanted = updateOf(fields, limitBefore, now);
    if (wanted === null) onClose();
    else update.mutate(wanted);
  };
  const change = (changed: Partial<EditFields>) => setFields({ ...fields, ...changed });
  const end = summary.expiresAt === null ? null : fullTime(summary.expiresAt);
  return (
    <Modal title={words.title(summary.name)} text={words.text(end)} onClose={() => update.isPending || onClose()}>
      <form onSubmit={submit} noValidate>
        <fieldset className={styles.fields} disabled={update.isPending}>
          <ExpiryChoice value={fields.expiry} options={NEW_EXPIRIES} onChange={(expiry) => change({ expiry })} />
          <TermDetails fields={fields} problems={problems} onChange={change} />
        </fieldset>
        {update.isError ? (
          <p className={styles.problem} role="alert">
            {problemText(update.error)}
          </p>
        ) : null}
        <Actions>
          <Button onClick={onClose} disabled={update.isPending}>
            {texts.cancel}
          </Button>
          <Button kind="primary" type="submit" disabled={update.isPending}>
            {update.isPending ? words.pending : words.submit}
          </Button>
        </Actions>
      </form>
    </Modal>
  );
}
