import { useQueries, useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { type Action, authorize } from '../../../src/core/authorization.ts';
import type { Me, TeamSummary } from '../../../src/core/people-service.ts';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { Loading } from '../controls/loading.tsx';
import { Problem } from '../controls/problem.tsx';
import { meQuery, profilesQuery } from '../server/queries.ts';
import { keepPlace, keptPlace } from './kept-place.ts';

/** Where in their teams somebody looks at, and what they may there. */
export interface Place {
  readonly me: Me;
  readonly team: TeamSummary | null;
  /** Of the team, archived ones last. */
  readonly profiles: readonly ProfileSummary[];
  readonly profile: ProfileSummary | null;
  readonly may: (action: Action) => boolean;
  /** Goes to another profile, or team, and stays in the section. */
  readonly goToProfile: (profileId: string) => void;
  readonly goToTeam: (teamId: string) => void;
  /** Takes note that what is shown belongs to this profile. */
  readonly adopt: (profileId: string) => void;
}

const PlaceContext = createContext<Place | null>(null);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === null) throw new Error('there is no place around this part');
  return place;
}

/** Finds out who looks and at what: `?profile=` of the address, else where they were last, else the first there is. */
export function PlaceProvider({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery);
  const teams = me.data?.teams ?? [];
  const lists = useQueries({ queries: teams.map(({ id }) => profilesQuery(id)) });
  const failed = [me, ...lists].find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) return <Problem isPage error={failed.error} onRetry={() => void failed.refetch()} />;
  if (me.data === undefined || lists.some(({ data }) => data === undefined)) return <Loading />;
  const profiles = lists.flatMap(({ data }) => data ?? []);
  return (
    <Chosen me={me.data} profiles={profiles}>
      {children}
    </Chosen>
  );
}

interface ChosenProps {
  readonly me: Me;
  /** Of all teams. */
  readonly profiles: readonly ProfileSummary[];
  readonly children: ReactNode;
}

function Chosen({ me, profiles, children }: ChosenProps) {
  const [search] = useSearchParams();
  const [path, navigate] = useLocation();
  const section = `/${path.split('/')[1] || 'keys'}`;
  const [wish, setWish] = useState(keptPlace);
  const named = search.get('profile');
  useEffect(() => {
    if (named !== null) setWish((before) => ({ ...before, profileId: named }));
  }, [named]);

  const place = useMemo((): Place => {
    const { team, profile } = found(me, profiles, { ...wish, profileId: named ?? wish.profileId });
    const goToProfile = (profileId: string) => navigate(`${section}?${new URLSearchParams({ profile: profileId })}`);
    return {
      me,
      team,
      profiles: team === null ? [] : ofTeam(profiles, team.id),
      profile,
      may: (action) => authorize(team?.role ?? null, action) === 'allowed',
      goToProfile,
      goToTeam(teamId) {
        const [first] = ofTeam(profiles, teamId);
        if (first !== undefined) return goToProfile(first.id);
        setWish({ teamId, profileId: null });
        navigate(section);
      },
      adopt: (profileId) => setWish((before) => ({ ...before, profileId })),
    };
  }, [me, profiles, wish, named, section, navigate]);

  const { team, profile } = place;
  useEffect(() => keepPlace({ teamId: team?.id ?? null, profileId: profile?.id ?? null }), [team, profile]);
  return <PlaceContext value={place}>{children}</PlaceContext>;
}

function found(
  { teams }: Me,
  profiles: readonly ProfileSummary[],
  wish: { readonly teamId: string | null; readonly profileId: string | null },
): Pick<Place, 'team' | 'profile'> {
  const wished = profiles.find(({ id }) => id === wish.profileId);
  const team = teams.find(({ id }) => id === (wished?.teamId ?? wish.teamId)) ?? teams[0] ?? null;
  return { team, profile: wished ?? (team === null ? undefined : ofTeam(profiles, team.id)[0]) ?? null };
}

function ofTeam(profiles: readonly ProfileSummary[], teamId: string): ProfileSummary[] {
  const own = profiles.filter((profile) => profile.teamId === teamId);
  return own.toSorted((left, right) => Number(left.archivedAt !== null) - Number(right.archivedAt !== null));
}
