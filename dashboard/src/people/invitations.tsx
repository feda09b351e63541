import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InvitationSummary } from '../../../src/core/people-service.ts';
import { Button } from '../controls/button.tsx';
import { problemText } from '../controls/problem.tsx';
import table from '../controls/table.module.css';
import { useToast } from '../controls/toasts.tsx';
import { invitationsQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { peopleTexts as words } from '../texts/people.ts';
import { texts } from '../texts.ts';
import { fullTime } from '../times.ts';

/** Those who may still come; nothing where there are none. */
export function Invitations({ teamId }: { readonly teamId: string }) {
  const { data: invitations = [] } = useQuery(invitationsQuery(teamId));
  if (invitations.length === 0) return null;
  return (
    <>
      <h2 className={table.section}>{words.invitations}</h2>
      <div className={table.sheet}>
        <table className={table.table}>
          <caption className="visually-hidden">{words.invitationsTable}</caption>
          <thead>
            <tr>
              <th scope="col">{words.email}</th>
              <th scope="col">{words.role}</th>
              <th scope="col" className={table.wide}>
                {words.invitedBy}
              </th>
              <th scope="col" className={table.wide}>
                {words.ends}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {invitations.map((invitation) => (
              <InvitationRow key={invitation.id} invitation={invitation} teamId={teamId} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function InvitationRow({ invitation, teamId }: { readonly invitation: InvitationSummary; readonly teamId: string }) {
  const client = useQueryClient();
  const tell = useToast();
  const revoke = useMutation({
    mutationFn: () => services.people.revokeInvitation(teamId, invitation.id),
    onSuccess: () => tell(words.uninvited(invitation)),
    onError: (error) => tell(problemText(error)),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery(teamId).queryKey }),
  });
  return (
    <tr>
      <td>{invitation.email}</td>
      <td className={table.nowrap}>{texts.role[invitation.role]}</td>
      <td className={table.wide}>{invitation.invitedBy}</td>
      <td className={`${table.wide} ${table.nowrap}`}>{fullTime(invitation.expiresAt)}</td>
      <td className={table.end}>
        <Button aria-label={words.uninviteOf(invitation)} disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {words.uninvite}
        </Button>
      </td>
    </tr>
  );
}
