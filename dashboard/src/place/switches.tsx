import { lazy, Suspense, useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import { MenuAction, MenuButton, MenuChoice, MenuSeparator } from '../controls/menu.tsx';
import styles from '../shell/shell.module.css';
import { texts } from '../texts.ts';
import { usePlace } from './place.tsx';

const ProfileDialog = lazy(() => import('./profile-dialog.tsx'));

export function TeamSwitch() {
  const { me, team, goToTeam } = usePlace();
  if (team === null) return null;
  const role = <span className={styles.role}>{texts.role[team.role]}</span>;
  return (
    <MenuButton
      trigger={
        <Button kind="quiet" className={styles.switch}>
          <span className="visually-hidden">{texts.place.team}:</span>
          <span className={styles.switchName}>{team.name}</span>
          {me.person === null ? null : role}
          <Icon name="chevrons" />
        </Button>
      }
    >
      <MenuChoice
        label={texts.place.team}
        value={team.id}
        options={me.teams.map(({ id, name, role }) => ({ value: id, label: `${name} · ${texts.role[role]}` }))}
        onChange={goToTeam}
      />
    </MenuButton>
  );
}

export function ProfileSwitch() {
  const { profiles, profile, may, goToProfile } = usePlace();
  const [isOpen, setOpen] = useState(false);
  if (profile === null) return null;
  return (
    <>
      <span className={styles.slash} aria-hidden="true">
        /
      </span>
      <MenuButton
        trigger={
          <Button kind="quiet" className={styles.switch}>
            <span className="visually-hidden">{texts.place.profile}:</span>
            <span className={styles.switchName}>{profile.name}</span>
            <Icon name="chevrons" />
          </Button>
        }
      >
        <MenuChoice
          label={texts.place.profile}
          value={profile.id}
          options={profiles.map(({ id, name, archivedAt }) => ({
            value: id,
            label: archivedAt === null ? name : `${name} (${texts.place.archived})`,
          }))}
          onChange={goToProfile}
        />
        {may('profile.change') ? (
          <>
            <MenuSeparator />
            <MenuAction onClick={() => setOpen(true)}>{texts.place.newProfile}</MenuAction>
          </>
        ) : null}
      </MenuButton>
      {isOpen ? (
        <Suspense fallback={null}>
          <ProfileDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
