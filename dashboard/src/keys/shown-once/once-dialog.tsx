import { useEffect, useState } from 'react';
import { Button } from '../../controls/button.tsx';
import { CopyButton } from '../../controls/copy-button.tsx';
import { Actions, Modal } from '../../controls/modal.tsx';
import { shownOnceTexts as words } from '../../texts/shown-once.ts';
import { fullTime } from '../../times.ts';
import { ReadyLines } from './ready-lines.tsx';
import { SecretText } from './secret-text.tsx';
import styles from './shown-once.module.css';
import type { FreshSecret } from './shown-once.tsx';

interface OnceDialogProps {
  readonly fresh: FreshSecret;
  /** The person says that it is saved, or the page goes away. */
  readonly onClose: () => void;
}

/** The one time that a secret is shown. Whoever leaves it is asked whether it is saved. */
export default function OnceDialog({ fresh, onClose }: OnceDialogProps) {
  const [isAsking, setAsking] = useState(false);
  useGuardedPage(onClose);
  const { kind, summary } = fresh;
  if (isAsking) {
    return (
      <Modal title={words.ask.title} text={words.ask.text} onClose={() => setAsking(false)}>
        <Actions>
          <Button onClick={() => setAsking(false)}>{words.ask.back}</Button>
          <Button kind="primary" onClick={onClose}>
            {words.ask.yes}
          </Button>
        </Actions>
      </Modal>
    );
  }
  const end = summary.previousSecret?.acceptedUntil;
  return (
    <Modal title={words.title[kind](summary.name)} text={words.text} onClose={() => setAsking(true)}>
      <fieldset className={styles.shown} aria-label={words.secret}>
        <SecretText secret={fresh.secret} />
        <CopyButton text={() => fresh.secret.read()} label={words.secret} />
      </fieldset>
      {kind === 'created' ? null : <p>{end === undefined ? words.oldEnded : words.oldUntil(fullTime(end))}</p>}
      <ReadyLines secret={fresh.secret} environment={summary.environment} />
      <Actions>
        <Button kind="primary" onClick={() => setAsking(true)}>
          {words.done}
        </Button>
      </Actions>
    </Modal>
  );
}

/** The browser asks before it leaves the page; and a page that it keeps for the way back is kept without the secret. */
function useGuardedPage(onLeave: () => void): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    window.addEventListener('pagehide', onLeave);
    return () => {
      window.removeEventListener('beforeunload', ask);
      window.removeEventListener('pagehide', onLeave);
    };
  }, [onLeave]);
}
