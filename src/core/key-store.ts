import type { AuditAuthor, AuditEntry, ChainHead } from './audit.ts';
import type { Key } from './key.ts';
import type { Profile, Team } from './profile.ts';
import type { StoredEvent } from './render-event.ts';
import type { SecretHash } from './secret-hash.ts';
import type { LastUse, UsageBatch, UsageRow } from './usage.ts';

/** Where a page of a list starts: after this key, in the list's order. */
export interface KeyPosition {
  readonly createdAt: number;
  readonly id: string;
}

export interface KeyQuery {
  readonly profileId: string;
  /** False leaves out the keys that are revoked or expired at `now`. */
  readonly includeEnded: boolean;
  readonly now: number;
  readonly after: KeyPosition | null;
  readonly limit: number;
}

export interface AuditQuery {
  readonly since: number | null;
  /** Id of a key or profile; `null` is about everything. */
  readonly subjectId: string | null;
  /** Only entries before this one; `null` starts at the newest. */
  readonly before: number | null;
  readonly limit: number;
}

export type InsertOutcome = { readonly kind: 'inserted' } | { readonly kind: 'hash_in_use' };

export type ChangeOutcome<Result> =
  | { readonly kind: 'decided'; readonly result: Result }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'hash_in_use' };

/** What `change` lets a caller decide, in one step with reading the key. */
export interface KeyChange<Result> {
  /** The key as it is to be, one version on, or `null` to leave it alone. Only ends, the limit, revocation and further secrets may differ. */
  readonly key: Key | null;
  readonly result: Result;
}

export type ProfileChangeOutcome<Result> = Exclude<ChangeOutcome<Result>, { readonly kind: 'hash_in_use' }>;

/** What `changeProfile` lets a caller decide, in one step with reading the profile. */
export interface ProfileChangeDecision<Result> {
  /** The profile as it is to be, or `null` to leave it alone. Only name, plan, design and archiving may differ. */
  readonly profile: Profile | null;
  readonly result: Result;
}

/**
 * Storage of teams, profiles, keys and their usage. One contract suite (`test/contract/key-store.ts`) runs over every implementation.
 *
 * - A method that changes something MUST have made it durable before its promise resolves, and MUST be atomic: all or nothing.
 * - Identifiers and hashes MUST be compared byte for byte, case included.
 * - A key or profile of another team MUST look exactly like a missing one.
 * - Every change of a key or profile MUST be recorded in `changes`, and appended to the audit chain of its team with who made it, in the
 *   same transaction; what changes nothing MUST append nothing. The entry's time is the greatest time persisted so far.
 * - Times MUST come back as the milliseconds that went in.
 */
export interface KeyStore {
  insertTeam(team: Team): Promise<void>;
  listTeams(): Promise<readonly Team[]>;

  insertProfile(profile: Profile, author: AuditAuthor): Promise<void>;
  /** Does with a profile what `change` does with a key, under the same rules. */
  changeProfile<Result>(
    teamId: string,
    profileId: string,
    author: AuditAuthor,
    decide: (profile: Profile) => ProfileChangeDecision<Result>,
  ): Promise<ProfileChangeOutcome<Result>>;
  findProfile(teamId: string, profileId: string): Promise<Profile | null>;
  /** MUST be ordered by creation time, then id. */
  listProfiles(teamId: string): Promise<readonly Profile[]>;
  /** Every profile of every team, for the gateway. */
  allProfiles(): Promise<readonly Profile[]>;

  /** MUST refuse a key whose secret's hash any key of any team has ever had. */
  insertKey(key: Key, author: AuditAuthor): Promise<InsertOutcome>;
  /**
   * Reads the key, lets `decide` say what it becomes, and writes the difference, as one serialised step: no other change of this
   * key happens between. `decide` MUST be called at most once, MUST NOT await, and nothing MUST be written when it throws.
   */
  change<Result>(
    teamId: string,
    keyId: string,
    author: AuditAuthor,
    decide: (key: Key) => KeyChange<Result>,
  ): Promise<ChangeOutcome<Result>>;
  findKey(teamId: string, keyId: string): Promise<Key | null>;
  /** The key that has or had this secret, in any team: the caller MUST check whose it is. */
  findKeyByHash(hash: SecretHash): Promise<Key | null>;
  /** MUST be ordered by creation time, newest first, then id descending, with at most `limit` keys. */
  listKeys(teamId: string, query: KeyQuery): Promise<readonly Key[]>;
  /** At most `limit` keys of the team whose id starts so, ended ones too, ordered by id. `prefix` is data, never a pattern. */
  keysByIdPrefix(teamId: string, prefix: string, limit: number): Promise<readonly Key[]>;
  /** Every key of every team in pages ordered by id, for the gateway. */
  allKeys(afterId: string, limit: number): Promise<readonly Key[]>;

  /**
   * MUST add the counts to what is there (one row for each key, secret, `inGrace` and hour), MUST keep the later of two last uses, MUST
   * append the events, in their order and behind all others, MUST keep the position of the journal, and MUST persist `at`, the time
   * now, with them: all or nothing. Resolves to the events in their places. A batch whose position is not beyond the one kept for its
   * journal was stored before: it MUST change nothing, and resolves to `null`, also while the first attempt is still under way.
   */
  recordUsage(batch: UsageBatch): Promise<readonly StoredEvent[] | null>;
  /** The position that was last kept for that journal; 0 when there was none. */
  journalPosition(epoch: string): Promise<number>;
  /**
   * MUST add at most `limit` of the oldest rows of an hour before `before` to the row of their day (UTC), which has the hour of its
   * start, and remove them: all or nothing, so that sums over days stay what they are. Resolves to the number of rows of hours.
   */
  rollUpUsage(before: number, limit: number): Promise<number>;
  /** Rows of one key whose hour is `since` or later, ordered by hour, then secret, then `inGrace` (false first). */
  usageOf(keyId: string, since: number): Promise<readonly UsageRow[]>;
  /** Rows of all these keys whose hour is `since` or later, in no order. */
  usageOfKeys(keyIds: readonly string[], since: number): Promise<readonly UsageRow[]>;
  /** The last uses of all secrets of these keys, in no order. */
  lastUsesOf(keyIds: readonly string[]): Promise<readonly LastUse[]>;

  /** MUST be ordered by seq, newest first, with at most `limit` entries. */
  listAudit(teamId: string, query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** At most `limit` entries of the team behind `afterSeq`, oldest first, as they are stored: damaged ones too. */
  auditChain(teamId: string, afterSeq: number, limit: number): Promise<readonly AuditEntry[]>;
  auditHead(teamId: string): Promise<ChainHead>;

  /** The greatest time that was ever persisted: by a change, with usage, or by `persistTime`. 0 for a new store. */
  greatestTime(): Promise<number>;
  persistTime(time: number): Promise<void>;

  /** MUST be safe to call twice. Nothing else may be called afterwards. */
  close(): Promise<void>;
}
