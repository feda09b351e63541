import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { mayManage, ROLES } from '../../../src/core/authorization.ts';
import type { MemberSummary, TeamSummary } from '../../../src/core/people-service.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { Loading } from '../controls/loading.tsx';
import { Problem } from '../controls/problem.tsx';
import table from '../controls/table.module.css';
import { membersQuery } from '../server/queries.ts';
import { peopleTexts as words } from '../texts/people.ts';
import { texts } from '../texts.ts';
import { fullTime } from '../times.ts';
import { OwnRoleDialog } from './own-role-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { useRoleChange } from './use-role-change.ts';

interface MembersProps {
  readonly team: TeamSummary;
  /** Who looks. */
  readonly personId: string;
}

export function Members({ team, personId }: MembersProps) {
  const { data: members, error, refetch } = useQuery(membersQuery(team.id));
  const [leaving, setLeaving] = useState<MemberSummary | null>(null);
  if (members === undefined) {
    return error === null ? <Loading /> : <Problem error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={table.sheet}>
      <table className={table.table}>
        <caption className="visually-hidden">{words.table(team.name)}</caption>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.role}</th>
            <th scope="col" className={table.wide}>
              {words.since}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow
              key={member.personId}
              member={member}
              team={team}
              isSelf={member.personId === personId}
              onRemove={setLeaving}
            />
          ))}
        </tbody>
      </table>
      {leaving === null ? null : (
        <RemoveDialog
          member={leaving}
          team={team}
          isSelf={leaving.personId === personId}
          onClose={() => setLeaving(null)}
        />
      )}
    </div>
  );
}

interface MemberRowProps {
  readonly member: MemberSummary;
  readonly team: TeamSummary;
  readonly isSelf: boolean;
  readonly onRemove: (member: MemberSummary) => void;
}

function MemberRow({ member, team, isSelf, onRemove }: MemberRowProps) {
  const mayRemove = isSelf || mayManage(team.role, member.role, null);
  return (
    <tr>
      <td>
        <span className={table.name}>{member.name}</span>{' '}
        {isSelf ? <span className={table.muted}>({words.you})</span> : null}
        <span className={table.below}>{member.email}</span>
      </td>
      <td>
        <MemberRole member={member} team={team} isSelf={isSelf} />
      </td>
      <td className={`${table.wide} ${table.nowrap}`}>{fullTime(member.since)}</td>
      <td className={table.end}>
        {mayRemove ? (
          <Button aria-label={isSelf ? words.leave : words.removeOf(member)} onClick={() => onRemove(member)}>
            {isSelf ? words.leave : words.remove}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

function MemberRole({ member, team, isSelf }: Omit<MemberRowProps, 'onRemove'>) {
  const change = useRoleChange(team.id, member);
  const [wished, setWished] = useState<MemberSummary['role'] | null>(null);
  const given = ROLES.filter((role) => role === member.role || mayManage(team.role, member.role, role));
  if (given.length < 2) return texts.role[member.role];
  return (
    <>
      <Choice
        label={words.roleOf(member)}
        value={member.role}
        options={given.map((value) => ({ value, label: texts.role[value] }))}
        onChange={(role) => {
          if (role === member.role) return;
          // Nobody but somebody else could take it back.
          if (isSelf) setWished(role);
          else change.mutate(role);
        }}
      />
      {wished === null ? null : (
        <OwnRoleDialog
          isPending={change.isPending}
          onConfirm={() => change.mutate(wished, { onSettled: () => setWished(null) })}
          onClose={() => setWished(null)}
        />
      )}
    </>
  );
}
