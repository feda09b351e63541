import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { Badge } from '../controls/badge.tsx';
import { usePlace } from '../place/place.tsx';
import { profilesTexts as words } from '../texts/profiles.ts';
import { isColour } from './design-draft.ts';
import styles from './profiles.module.css';

const MAX_SWATCHES = 6;

export function ProfileList() {
  const { profiles, profile: current, goToProfile } = usePlace();
  return (
    <ul className={styles.list} aria-label={words.list}>
      {profiles.map((profile) => (
        <li key={profile.id}>
          <button
            type="button"
            className={styles.card}
            aria-current={profile.id === current?.id}
            onClick={() => goToProfile(profile.id)}
          >
            <span className={styles.cardName}>{profile.name}</span>
            <span className={styles.cardPlan}>
              {profile.archivedAt === null ? (
                words.planNames[profile.plan]
              ) : (
                <Badge tone="neutral">{words.archived}</Badge>
              )}
            </span>
            <Swatches profile={profile} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Swatches({ profile }: { readonly profile: ProfileSummary }) {
  const colours = Object.values(profile.design).filter(isColour).slice(0, MAX_SWATCHES);
  return (
    <span className={styles.swatches} aria-hidden="true">
      {colours.map((colour, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two tokens may have one colour, and have no order but this.
        <span key={index} style={{ backgroundColor: colour }} />
      ))}
    </span>
  );
}
