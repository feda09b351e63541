import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { Button } from './button.tsx';
import { Actions, Modal } from './modal.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** What it comes to, and what went wrong. */
  readonly children: ReactNode;
}

/** Asks before something that may cut somebody off. */
export function ConfirmDialog({ title, text, action, isPending, onConfirm, onClose, children }: ConfirmDialogProps) {
  return (
    <Modal title={title} text={text} onClose={() => isPending || onClose()}>
      {children}
      <Actions>
        <Button onClick={onClose} disabled={isPending}>
          {texts.cancel}
        </Button>
        <Button kind="danger" onClick={onConfirm} disabled={isPending}>
          {action}
        </Button>
      </Actions>
    </Modal>
  );
}
