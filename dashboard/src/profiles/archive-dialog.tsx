import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeySummary } from '../../../src/core/key-service.ts';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { Button } from '../controls/button.tsx';
import { Loading } from '../controls/loading.tsx';
import { Actions, Modal } from '../controls/modal.tsx';
import { problemText } from '../controls/problem.tsx';
import { TextField } from '../controls/text-field.tsx';
import { useToast } from '../controls/toasts.tsx';
import { isStanding } from '../keys/key-list.ts';
import { keysQuery, profilesQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { profilesTexts } from '../texts/profiles.ts';
import { texts } from '../texts.ts';
import { relativeTime, useNow } from '../times.ts';

const words = profilesTexts.archive;

interface ArchiveDialogProps {
  readonly profile: ProfileSummary;
  readonly onClose: () => void;
}

/** Ends a profile for ever: what that comes to stands first, and one with active keys takes its name. */
export default function ArchiveDialog({ profile, onClose }: ArchiveDialogProps) {
  const client = useQueryClient();
  const tell = useToast();
  const keys = useQuery(keysQuery(profile.id));
  const [typed, setTyped] = useState('');
  const archive = useMutation({
    mutationFn: () => services.profiles.archive(profile.id),
    async onSuccess({ gateways }) {
      await Promise.all([
        client.invalidateQueries({ queryKey: profilesQuery(profile.teamId).queryKey }),
        client.invalidateQueries({ queryKey: keysQuery(profile.id).queryKey }),
      ]);
      tell(words.done(gateways));
      onClose();
    },
  });
  const active = keys.data?.data.filter(isStanding) ?? [];
  const isNameNeeded = active.length > 0 || keys.isError;
  const mayArchive = !archive.isPending && !keys.isLoading && (!isNameNeeded || typed.trim() === profile.name.trim());
  return (
    <Modal title={words.title(profile.name)} text={words.text} onClose={() => archive.isPending || onClose()}>
      {keys.data === undefined && !keys.isError ? (
        <Loading />
      ) : (
        <Consequence active={active} hasMore={keys.data?.hasMore ?? false} isUnknown={keys.isError} />
      )}
      {isNameNeeded ? (
        <TextField label={words.typeName(profile.name)} spellCheck={false} value={typed} onChange={setTyped} />
      ) : null}
      {archive.isError ? <p role="alert">{problemText(archive.error)}</p> : null}
      <Actions>
        <Button onClick={onClose} disabled={archive.isPending}>
          {texts.cancel}
        </Button>
        <Button kind="danger" disabled={!mayArchive} onClick={() => archive.mutate()}>
          {archive.isPending ? words.archiving : words.archive}
        </Button>
      </Actions>
    </Modal>
  );
}

interface ConsequenceProps {
  readonly active: readonly KeySummary[];
  readonly hasMore: boolean;
  readonly isUnknown: boolean;
}

function Consequence({ active, hasMore, isUnknown }: ConsequenceProps) {
  const now = useNow();
  if (isUnknown) return null;
  const uses = active.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]));
  return (
    <p>
      <strong>{words.keys(active.length, hasMore)}</strong>{' '}
      {active.length === 0
        ? null
        : uses.length === 0
          ? words.unused
          : words.lastUse(relativeTime(Math.max(...uses), now))}
    </p>
  );
}
