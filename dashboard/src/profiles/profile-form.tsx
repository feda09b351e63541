import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import type { Plan } from '../../../src/core/profile.ts';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import controls from '../controls/controls.module.css';
import { problemText } from '../controls/problem.tsx';
import { TextField } from '../controls/text-field.tsx';
import { useToast } from '../controls/toasts.tsx';
import { usePlace } from '../place/place.tsx';
import { previewKey, profilesQuery } from '../server/queries.ts';
import { services } from '../server/services.ts';
import { profilesTexts } from '../texts/profiles.ts';
import { fullTime } from '../times.ts';
import { draftOf, isSameDraft, nameProblem, type ProfileDraft, valueProblem } from './design-draft.ts';
import styles from './profiles.module.css';
import { TokenFields } from './token-fields.tsx';

const ArchiveDialog = lazy(() => import('./archive-dialog.tsx'));

const words = profilesTexts.form;
const PLAN_OPTIONS = (['free', 'pro'] as const).map((value) => ({ value, label: profilesTexts.planNames[value] }));

interface ProfileFormProps {
  readonly profile: ProfileSummary;
  readonly draft: ProfileDraft;
  readonly onDraft: (draft: ProfileDraft) => void;
}

/** Changes a profile; all of it is in force when it says that it is saved. */
export function ProfileForm({ profile, draft, onDraft }: ProfileFormProps) {
  const { may } = usePlace();
  const save = useSave(profile, onDraft);
  const isFixed = profile.archivedAt !== null || !may('profile.change');
  const isSame = isSameDraft(draft, draftOf(profile));
  const isBad = Object.entries(draft.design).some(([name, value]) => nameProblem(name) ?? valueProblem(value));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isFixed && !isSame && !isBad && !save.isPending) save.mutate(draft);
  };
  return (
    <form className={styles.panel} onSubmit={submit} aria-label={words.title}>
      <h2>{words.title}</h2>
      {profile.archivedAt === null ? null : <p>{profilesTexts.archivedText(fullTime(profile.archivedAt))}</p>}
      {may('profile.change') ? null : <p className={controls.hint}>{words.member}</p>}
      <fieldset className={styles.fields} disabled={isFixed}>
        <TextField
          label={words.name}
          problem={save.isError ? problemText(save.error) : null}
          value={draft.name}
          onChange={(name) => onDraft({ ...draft, name })}
        />
        <PlanField plan={draft.plan} isFixed={isFixed} onChange={(plan) => onDraft({ ...draft, plan })} />
        <TokenFields design={draft.design} onChange={(design) => onDraft({ ...draft, design })} />
      </fieldset>
      {isFixed ? null : (
        <div className={styles.actions}>
          <ArchiveButton profile={profile} />
          <Button disabled={isSame} onClick={() => onDraft(draftOf(profile))}>
            {words.discard}
          </Button>
          <Button kind="primary" type="submit" disabled={isSame || isBad || save.isPending}>
            {save.isPending ? words.saving : words.save}
          </Button>
        </div>
      )}
    </form>
  );
}

function useSave(profile: ProfileSummary, onDraft: (draft: ProfileDraft) => void) {
  const client = useQueryClient();
  const tell = useToast();
  return useMutation({
    mutationFn: ({ name, plan, design }: ProfileDraft) =>
      services.profiles.update(profile.id, { name, plan, design, set: {}, unset: [] }),
    async onSuccess(changed) {
      await Promise.all([
        client.invalidateQueries({ queryKey: profilesQuery(profile.teamId).queryKey }),
        // By another plan there are more components, or fewer.
        client.invalidateQueries({ queryKey: previewKey(profile.id) }),
      ]);
      onDraft(draftOf(changed));
      tell(words.saved(changed.gateways));
    },
  });
}

interface PlanFieldProps {
  readonly plan: Plan;
  readonly isFixed: boolean;
  readonly onChange: (plan: Plan) => void;
}

function PlanField({ plan, isFixed, onChange }: PlanFieldProps) {
  return (
    <div className={controls.field}>
      <span className={controls.label}>{words.plan}</span>
      {isFixed ? (
        <span>{profilesTexts.planNames[plan]}</span>
      ) : (
        <Choice label={words.plan} value={plan} options={PLAN_OPTIONS} onChange={onChange} />
      )}
      <span className={controls.hint}>{profilesTexts.plans[plan]}</span>
    </div>
  );
}

function ArchiveButton({ profile }: Pick<ProfileFormProps, 'profile'>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="quiet" className={styles.archive} onClick={() => setOpen(true)}>
        {profilesTexts.archive.open}
      </Button>
      {isOpen ? (
        <Suspense>
          <ArchiveDialog profile={profile} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
