import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Role } from '../../../src/core/authorization.ts';
import type { MemberSummary } from '../../../src/core/people-service.ts';
import { problemText } from '../controls/problem.tsx';
import { useToast } from '../controls/toasts.tsx';
import { membersQuery, meQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { peopleTexts as words } from '../texts/people.ts';

/** Gives a member another role, and says whether it worked. */
export function useRoleChange(teamId: string, { personId }: MemberSummary) {
  const client = useQueryClient();
  const tell = useToast();
  return useMutation({
    mutationFn: (role: Role) => services.people.changeRole(teamId, personId, role),
    async onSuccess(changed) {
      tell(words.roleChanged(changed));
      await Promise.all([
        client.invalidateQueries({ queryKey: membersQuery(teamId).queryKey }),
        client.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]);
    },
    onError: (error) => tell(problemText(error)),
  });
}
