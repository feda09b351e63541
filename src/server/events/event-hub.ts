import { OutkitError } from '../../core/errors.ts';
import type { TailEvents } from '../../core/event-service.ts';
import type { EventStore } from '../../core/event-store.ts';
import type { Profile } from '../../core/profile.ts';
import { fitsFilter, type StoredEvent } from '../../core/render-event.ts';
import { eventFrame } from './event-frames.ts';
import { Tail } from './tail.ts';

const MAX_TAILS = 1_000;
const MAX_TAILS_OF_ONE = 20;

type HubStore = Pick<EventStore, 'listEvents' | 'newestEventSeq' | 'prunedEventSeq'>;

/** What somebody wants to follow. */
export interface TailWish extends Pick<TailEvents, 'keyId' | 'status' | 'path' | 'after'> {
  readonly profileIds: readonly string[];
  /** Team whose later profiles belong to it too; `null` for that of one profile. */
  readonly wholeTeamId: string | null;
  /** Who follows: each may have so many tails. */
  readonly follower: string;
}

/** Tells every open tail what was stored. A batch costs as much as the tails of its profiles, and never waits for any of them. */
export class EventHub {
  readonly #store: HubStore;
  readonly #byProfile = new Map<string, Set<Tail>>();
  readonly #byTeam = new Map<string, Set<Tail>>();
  readonly #byFollower = new Map<string, Set<Tail>>();
  #tails = 0;
  #gaps = 0;
  /** Of the last event that was published; all before it are in the store. */
  #newestSeq: number;
  #end: OutkitError | null = null;

  private constructor(store: HubStore, newestSeq: number) {
    this.#store = store;
    this.#newestSeq = newestSeq;
  }

  static async open(store: HubStore): Promise<EventHub> {
    return new EventHub(store, await store.newestEventSeq());
  }

  /** Gaps that tails were told of. */
  get gaps(): number {
    return this.#gaps;
  }

  /** How many are open. */
  get tails(): number {
    return this.#tails;
  }

  /** There are events in the store that were not published here. */
  lookAgain(): void {
    for (const tails of this.#byFollower.values()) for (const tail of tails) tail.fallBehind();
  }

  /** MUST be called after each batch was stored, in the order of seq. */
  publish(events: readonly StoredEvent[]): void {
    const [first] = events;
    if (first === undefined) return;
    if (first.seq !== this.#newestSeq + 1) this.lookAgain();
    this.#newestSeq = events.at(-1)?.seq ?? this.#newestSeq;
    for (const event of events) {
      let frame: string | null = null;
      for (const tail of this.#byProfile.get(event.profileId) ?? []) {
        if (!fitsFilter(event, tail.filter)) continue;
        frame ??= eventFrame(event);
        tail.push({ seq: event.seq, frame });
      }
    }
  }

  /** A profile may be new: it belongs to the tails of its team from its first event on. */
  addProfile({ id, teamId }: Pick<Profile, 'id' | 'teamId'>): void {
    for (const tail of this.#byTeam.get(teamId) ?? []) {
      tail.profileIds.add(id);
      put(this.#byProfile, id, tail);
    }
  }

  /** `too_many_tails`; `unavailable` when the server has as many as it serves. The caller MUST close it. */
  async follow(wish: TailWish): Promise<{ readonly tail: Tail; readonly close: () => void }> {
    const { profileIds, wholeTeamId, follower, after, keyId, status, path } = wish;
    const newest = after === null ? 0 : await this.#store.newestEventSeq();
    this.#requireRoom(follower);
    // A number from before a restore, say: nobody knows what came behind it.
    const isUnknown = after !== null && after > newest;
    const [position, isBehind] = after === null ? [this.#newestSeq, false] : [isUnknown ? newest : after, true];
    const tail = new Tail({
      store: this.#store,
      profileIds,
      filter: { keyId, status, path },
      position,
      isBehind,
      hasGap: isUnknown,
      onGap: () => {
        this.#gaps += 1;
      },
    });
    this.#tails += 1;
    put(this.#byFollower, follower, tail);
    if (wholeTeamId !== null) put(this.#byTeam, wholeTeamId, tail);
    for (const id of profileIds) put(this.#byProfile, id, tail);
    if (this.#end !== null) tail.end(this.#end);
    return { tail, close: once(() => this.#remove(tail, wish)) };
  }

  /** Ends every tail with this, and those that still come. */
  close(error: OutkitError): void {
    this.#end = error;
    for (const tails of this.#byFollower.values()) for (const tail of tails) tail.end(error);
  }

  #remove(tail: Tail, { follower, wholeTeamId }: TailWish): void {
    this.#tails -= 1;
    take(this.#byFollower, follower, tail);
    if (wholeTeamId !== null) take(this.#byTeam, wholeTeamId, tail);
    for (const id of tail.profileIds) take(this.#byProfile, id, tail);
  }

  #requireRoom(follower: string): void {
    if ((this.#byFollower.get(follower)?.size ?? 0) >= MAX_TAILS_OF_ONE) {
      const what = `You follow ${MAX_TAILS_OF_ONE} live logs already, and more are not served at once`;
      throw new OutkitError('too_many_tails', what, 'end one of them');
    }
    if (this.#tails >= MAX_TAILS) {
      throw new OutkitError(
        'unavailable',
        `The server serves ${MAX_TAILS} live logs, and no more at once`,
        'try again',
      );
    }
  }
}

function put(map: Map<string, Set<Tail>>, name: string, tail: Tail): void {
  const tails = map.get(name);
  if (tails === undefined) map.set(name, new Set([tail]));
  else tails.add(tail);
}

function take(map: Map<string, Set<Tail>>, name: string, tail: Tail): void {
  const tails = map.get(name);
  tails?.delete(tail);
  if (tails?.size === 0) map.delete(name);
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
