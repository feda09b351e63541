import { texts } from '../texts.ts';
import { Button } from './button.tsx';
import styles from './controls.module.css';
import { Icon } from './icon.tsx';
import { useToast } from './toasts.tsx';

interface CopyButtonProps {
  /** A function for what may stand in no property of a component: a secret. */
  readonly text: string | (() => string);
  /** What it copies, for screen readers. */
  readonly label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const tell = useToast();
  const copy = () =>
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => tell(texts.copied),
      () => tell(texts.notCopied),
    );
  return (
    <Button kind="quiet" className={styles.copy} aria-label={`${texts.copy}: ${label}`} onClick={() => void copy()}>
      <Icon name="copy" />
      {texts.copy}
    </Button>
  );
}

/** A command of a terminal, ready to be copied. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <span className={styles.command}>
      <code>{command}</code>
      <CopyButton text={command} label={command} />
    </span>
  );
}
