import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { mayManage, ROLES, type Role } from '../../../src/core/authorization.ts';
import type { CreatedInvitation, TeamSummary } from '../../../src/core/people-service.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import controls from '../controls/controls.module.css';
import { CopyButton } from '../controls/copy-button.tsx';
import { Actions, Modal } from '../controls/modal.tsx';
import { problemText } from '../controls/problem.tsx';
import { TextField } from '../controls/text-field.tsx';
import { invitationsQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { peopleTexts } from '../texts/people.ts';
import { texts } from '../texts.ts';
import styles from './people.module.css';

const words = peopleTexts.invite;

interface InviteDialogProps {
  readonly team: TeamSummary;
  readonly onClose: () => void;
}

/** Invites somebody, and shows the link once: it is nowhere any more when this closes. */
export default function InviteDialog({ team, onClose }: InviteDialogProps) {
  const client = useQueryClient();
  const invite = useMutation({
    mutationFn: ({ email, role }: { readonly email: string; readonly role: Role }) =>
      services.people.invite(team.id, email, role),
    // Its answer has the link.
    gcTime: 0,
    onSuccess: () => void client.invalidateQueries({ queryKey: invitationsQuery(team.id).queryKey }),
  });
  if (invite.data !== undefined) return <Made invitation={invite.data} onClose={onClose} />;
  return (
    <Modal title={words.title} text={words.text} onClose={() => invite.isPending || onClose()}>
      <InviteForm
        team={team}
        isPending={invite.isPending}
        problem={invite.isError ? problemText(invite.error) : null}
        onInvite={(email, role) => invite.mutate({ email, role })}
        onClose={onClose}
      />
    </Modal>
  );
}

interface InviteFormProps extends InviteDialogProps {
  readonly isPending: boolean;
  readonly problem: string | null;
  readonly onInvite: (email: string, role: Role) => void;
}

function InviteForm({ team, isPending, problem, onInvite, onClose }: InviteFormProps) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const given = ROLES.filter((one) => mayManage(team.role, null, one)).toReversed();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== '') onInvite(email.trim(), role);
  };
  return (
    <form onSubmit={submit} noValidate>
      <TextField label={peopleTexts.email} type="email" problem={problem} value={email} onChange={setEmail} />
      <div className={controls.field}>
        <span className={controls.label}>{peopleTexts.role}</span>
        <Choice
          label={peopleTexts.role}
          value={role}
          options={given.map((value) => ({ value, label: texts.role[value] }))}
          onChange={setRole}
        />
        <span className={controls.hint}>{peopleTexts.roleHint[role]}</span>
      </div>
      <Actions>
        <Button onClick={onClose}>{texts.cancel}</Button>
        <Button kind="primary" type="submit" disabled={isPending || email.trim() === ''}>
          {isPending ? words.sending : words.send}
        </Button>
      </Actions>
    </form>
  );
}

function Made({ invitation, onClose }: { readonly invitation: CreatedInvitation; readonly onClose: () => void }) {
  const { isMailed, url } = invitation;
  return (
    <Modal title={words.madeTitle(invitation)} text={words.madeText} onClose={onClose}>
      <div className={styles.link}>
        <code>{url}</code>
        <CopyButton text={url} label={words.link} />
      </div>
      {isMailed === null ? null : <p>{isMailed ? words.mailed : words.notMailed}</p>}
      <Actions>
        <Button kind="primary" onClick={onClose}>
          {words.done}
        </Button>
      </Actions>
    </Modal>
  );
}
