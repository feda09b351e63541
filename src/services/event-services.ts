import type { EventService } from '../core/event-service.ts';
import type { EventStore } from '../core/event-store.ts';
import type { Caller, KeyServicePorts } from './key-service-ports.ts';
import { missing } from './refusals.ts';

/** Render events of one caller's team: the history, and which profiles a tail of theirs is about. */
export interface EventReads extends Pick<EventService, 'list'> {
  /** The profile, or with it all of its team. `not_found`. */
  profilesOf(profileId: string, allProfiles: boolean): Promise<readonly string[]>;
}

type EventServicePorts = Pick<KeyServicePorts, 'gateways' | 'cursors'> & {
  readonly store: KeyServicePorts['store'] & EventStore;
};

export function eventServices({ store, gateways, cursors }: EventServicePorts, { teamId }: Caller): EventReads {
  return {
    async list({ profileId, allProfiles, since, cursor, limit, ...filter }) {
      const profileIds = await profilesOf(profileId, allProfiles);
      const { keyId, status, path } = filter;
      const listName = JSON.stringify(['events', teamId, profileId, allProfiles, since, keyId, status, path]);
      const before = cursor === null ? null : Number(cursors.read(listName, cursor).id);
      await gateways.flushUsage();
      const query = { ...filter, profileIds, since, after: null, before, limit: limit + 1 };
      const found = await store.listEvents(query);
      const data = found.slice(0, limit);
      const last = data.at(-1);
      const isLast = last === undefined || found.length <= limit;
      const nextCursor = isLast ? null : cursors.write(listName, { createdAt: last.at, id: String(last.seq) });
      return { data, nextCursor };
    },
    profilesOf,
  };

  async function profilesOf(profileId: string, allProfiles: boolean): Promise<readonly string[]> {
    const profile = await store.findProfile(teamId, profileId);
    if (profile === null) throw missing('profile');
    return allProfiles ? (await store.listProfiles(teamId)).map(({ id }) => id) : [profileId];
  }
}
