import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { DEFAULT_DESIGN } from '../../../src/core/profile.ts';
import { Button } from '../controls/button.tsx';
import { Actions, Modal } from '../controls/modal.tsx';
import { problemText } from '../controls/problem.tsx';
import { TextField } from '../controls/text-field.tsx';
import { useToast } from '../controls/toasts.tsx';
import { profilesQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { texts } from '../texts.ts';
import { usePlace } from './place.tsx';

const words = texts.place.profileDialog;

interface ProfileDialogProps {
  readonly onClose: () => void;
}

/** Makes a profile in the team, and goes to it. Dialogs are loaded by `lazy`, when somebody opens one. */
export default function ProfileDialog({ onClose }: ProfileDialogProps) {
  return (
    <Modal title={words.title} text={texts.place.firstProfile.text} onClose={onClose}>
      <ProfileForm onClose={onClose} />
    </Modal>
  );
}

function ProfileForm({ onClose }: ProfileDialogProps) {
  const { team, goToProfile } = usePlace();
  const teamId = team?.id ?? '';
  const [name, setName] = useState('');
  const client = useQueryClient();
  const tell = useToast();
  const create = useMutation({
    mutationFn: () => services.profiles.create({ name, plan: 'free', design: DEFAULT_DESIGN }, teamId),
    async onSuccess(profile) {
      await client.invalidateQueries({ queryKey: profilesQuery(teamId).queryKey });
      tell(words.created(profile.name));
      onClose();
      goToProfile(profile.id);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const problem = create.isError ? problemText(create.error) : null;
  return (
    <form onSubmit={submit}>
      <TextField label={words.name} hint={words.nameHint} problem={problem} value={name} onChange={setName} required />
      <Actions>
        <Button onClick={onClose}>{texts.cancel}</Button>
        <Button kind="primary" type="submit" disabled={create.isPending || name.trim() === ''}>
          {create.isPending ? words.creating : words.create}
        </Button>
      </Actions>
    </form>
  );
}
