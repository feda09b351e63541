import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import styles from './controls.module.css';

interface ModalProps {
  readonly title: string;
  readonly text?: string;
  /** Asked whenever somebody wants to leave it, by Escape or by a click beside it. It is there for as long as it is rendered. */
  readonly onClose: () => void;
  /** The body, with `Actions` as its last part. */
  readonly children: ReactNode;
}

/** A dialog over the page. It keeps the keyboard inside, and gives it back to where it was. */
export function Modal({ title, text, onClose, children }: ModalProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.dialog}>
          <Dialog.Title className={styles.dialogTitle}>{title}</Dialog.Title>
          {text === undefined ? null : <Dialog.Description className={styles.dialogText}>{text}</Dialog.Description>}
          <div className={styles.dialogBody}>{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
