import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { peopleTexts } from '../texts/people.ts';

const words = peopleTexts.lower;

interface OwnRoleDialogProps {
  readonly isPending: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function OwnRoleDialog({ isPending, onConfirm, onClose }: OwnRoleDialogProps) {
  return (
    <ConfirmDialog
      title={words.title}
      text={words.text}
      action={words.change}
      isPending={isPending}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {null}
    </ConfirmDialog>
  );
}
