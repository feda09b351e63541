import { type FormEvent, useRef, useState } from 'react';
import type { CreateKey } from '../../../../src/core/key-service.ts';
import { Button } from '../../controls/button.tsx';
import { Actions, Modal } from '../../controls/modal.tsx';
import { services } from '../../server/services.ts';
import { keyLifeTexts } from '../../texts/key-life.ts';
import { texts } from '../../texts.ts';
import { CreateFields } from './create-fields.tsx';
import { type KeyProblems, NO_KEY_FIELDS, problemsOf, requestOf } from './key-request.ts';
import styles from './life.module.css';
import { MintingProblem } from './minting-problem.tsx';
import { useMinting } from './use-minting.ts';

const words = keyLifeTexts.create;

interface CreateDialogProps {
  readonly profileId: string;
  readonly onClose: () => void;
}

/** Makes a key of the profile. Its secret is minted here, and shown by what is around all pages. */
export default function CreateDialog({ profileId, onClose }: CreateDialogProps) {
  const [fields, setFields] = useState(NO_KEY_FIELDS);
  const [problems, setProblems] = useState<KeyProblems>({});
  const request = useRef<Omit<CreateKey, 'secret'>>({ profileId, ...requestOf(fields, 0) });
  const minting = useMinting({
    kind: 'created',
    environment: fields.environment,
    send: (secret) => services.keys.create({ ...request.current, secret }),
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!minting.isLost) {
      const now = Date.now();
      const found = problemsOf(fields, now);
      setProblems(found);
      if (Object.keys(found).length > 0) return;
      request.current = { profileId, ...requestOf(fields, now) };
    }
    minting.start();
  };
  return (
    <Modal title={words.title} text={words.text} onClose={() => minting.isPending || onClose()}>
      <form onSubmit={submit} noValidate>
        <fieldset className={styles.fields} disabled={minting.isPending || minting.isLost}>
          <CreateFields fields={fields} problems={problems} onChange={setFields} />
        </fieldset>
        <MintingProblem minting={minting} lost={words.lost} />
        <Actions>
          <Button onClick={onClose} disabled={minting.isPending}>
            {minting.isLost ? keyLifeTexts.leave : texts.cancel}
          </Button>
          <Button kind="primary" type="submit" disabled={minting.isPending}>
            {minting.isPending ? words.pending : minting.isLost ? texts.retry : words.submit}
          </Button>
        </Actions>
      </form>
    </Modal>
  );
}
