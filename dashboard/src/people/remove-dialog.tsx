import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { MemberSummary, TeamSummary } from '../../../src/core/people-service.ts';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { problemText } from '../controls/problem.tsx';
import { useToast } from '../controls/toasts.tsx';
import { membersQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { peopleTexts } from '../texts/people.ts';

const words = peopleTexts.removal;

interface RemoveDialogProps {
  readonly member: MemberSummary;
  readonly team: TeamSummary;
  readonly isSelf: boolean;
  readonly onClose: () => void;
}

/** Takes somebody out of the team, or lets them leave it. */
export function RemoveDialog({ member, team, isSelf, onClose }: RemoveDialogProps) {
  const client = useQueryClient();
  const tell = useToast();
  const remove = useMutation({
    mutationFn: () => services.people.remove(team.id, member.personId),
    async onSuccess() {
      // A load of a new page: nothing of the team stays in memory.
      if (isSelf) return location.assign('/');
      await client.invalidateQueries({ queryKey: membersQuery(team.id).queryKey });
      tell(words.done(member));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={isSelf ? words.leaveTitle(team.name) : words.title(member, team.name)}
      text={isSelf ? words.leaveText : words.text}
      action={isSelf ? peopleTexts.leave : peopleTexts.remove}
      isPending={remove.isPending}
      onConfirm={remove.mutate}
      onClose={onClose}
    >
      {remove.isError ? <p role="alert">{problemText(remove.error)}</p> : null}
    </ConfirmDialog>
  );
}
