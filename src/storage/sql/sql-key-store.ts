import { setImmediate } from 'node:timers/promises';
import type { AuditAuthor, AuditEntry, AuditedChange, ChainHead } from '../../core/audit.ts';
import type { Outcome } from '../../core/audited-outcome.ts';
import type { EventQuery } from '../../core/event-store.ts';
import type { Key } from '../../core/key.ts';
import type {
  AuditQuery,
  ChangeOutcome,
  InsertOutcome,
  KeyChange,
  KeyQuery,
  ProfileChangeDecision,
  ProfileChangeOutcome,
} from '../../core/key-store.ts';
import type { Invitation, Member, TeamPeople } from '../../core/membership.ts';
import type { Announcement, PeopleChange, TeamRole } from '../../core/people-store.ts';
import type { Profile, Team } from '../../core/profile.ts';
import type { StoredEvent } from '../../core/render-event.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import type { LastUse, UsageBatch, UsageRow } from '../../core/usage.ts';
import type { Store } from '../store.ts';
import { announce, outcomesOf, settle } from './announcement-scripts.ts';
import { auditChain, auditHead, listAudit } from './audit-scripts.ts';
import { greatestTime, persistTime } from './change-log.ts';
import { type QueryBuilder, queryBuilder, type SqlDialect } from './dialect.ts';
import { type EventsPart, listEventsFrom } from './event-lists.ts';
import { pruneEvents } from './event-pruning.ts';
import { newestEventSeq, prunedEventSeq } from './event-scripts.ts';
import { allKeys, findKey, findKeyByHash, keysByIdPrefix, listKeys } from './key-reads.ts';
import { changeKey, HashInUse, insertKey } from './key-writes.ts';
import { findInvitation, findPeople, hasOwner, invitationsFor, teamOf, teamsOf } from './people-reads.ts';
import { changePeople, foundTeam } from './people-scripts.ts';
import {
  allProfiles,
  changeProfile,
  findProfile,
  insertProfile,
  insertTeam,
  listProfiles,
  listTeams,
} from './profile-scripts.ts';
import type { Executor } from './script.ts';
import { inOneOrder } from './usage-order.ts';
import { journalPosition, lastUsesOf, usageOf, usageOfKeys, usageRecorder, usageRoller } from './usage-scripts.ts';

/** The store over any SQL database: each method is one script, and the executor knows how to run it. */
export class SqlKeyStore implements Store {
  readonly #executor: Executor;
  readonly #db: QueryBuilder;
  readonly #recordUsage: ReturnType<typeof usageRecorder>;
  readonly #rollUpUsage: ReturnType<typeof usageRoller>;

  /** The database behind the executor has to be migrated. Closing the store closes the executor. */
  constructor(executor: Executor, dialect: SqlDialect) {
    this.#executor = executor;
    this.#db = queryBuilder(dialect);
    this.#recordUsage = usageRecorder(this.#db, dialect);
    this.#rollUpUsage = usageRoller(this.#db, dialect);
  }

  insertTeam(team: Team): Promise<void> {
    return this.#executor.write(insertTeam(this.#db, team));
  }

  listTeams(): Promise<readonly Team[]> {
    return this.#executor.lookUp(listTeams(this.#db));
  }

  insertProfile(profile: Profile, author: AuditAuthor): Promise<void> {
    return this.#executor.write(insertProfile(this.#db, profile, author));
  }

  changeProfile<Result>(
    teamId: string,
    profileId: string,
    author: AuditAuthor,
    decide: (profile: Profile) => ProfileChangeDecision<Result>,
  ): Promise<ProfileChangeOutcome<Result>> {
    return this.#executor.write(changeProfile(this.#db, teamId, profileId, author, decide));
  }

  findProfile(teamId: string, profileId: string): Promise<Profile | null> {
    return this.#executor.lookUp(findProfile(this.#db, teamId, profileId));
  }

  listProfiles(teamId: string): Promise<readonly Profile[]> {
    return this.#executor.lookUp(listProfiles(this.#db, teamId));
  }

  allProfiles(): Promise<readonly Profile[]> {
    return this.#executor.lookUp(allProfiles(this.#db));
  }

  async insertKey(key: Key, author: AuditAuthor): Promise<InsertOutcome> {
    try {
      await this.#executor.write(insertKey(this.#db, key, author));
      return { kind: 'inserted' };
    } catch (error) {
      if (error instanceof HashInUse) return { kind: 'hash_in_use' };
      throw error;
    }
  }

  async change<Result>(
    teamId: string,
    keyId: string,
    author: AuditAuthor,
    decide: (key: Key) => KeyChange<Result>,
  ): Promise<ChangeOutcome<Result>> {
    try {
      return await this.#executor.write(changeKey(this.#db, teamId, keyId, author, decide));
    } catch (error) {
      if (error instanceof HashInUse) return { kind: 'hash_in_use' };
      throw error;
    }
  }

  findKey(teamId: string, keyId: string): Promise<Key | null> {
    return this.#executor.lookUp(findKey(this.#db, teamId, keyId));
  }

  findKeyByHash(hash: SecretHash): Promise<Key | null> {
    return this.#executor.lookUp(findKeyByHash(this.#db, hash));
  }

  listKeys(teamId: string, query: KeyQuery): Promise<readonly Key[]> {
    return this.#executor.lookUp(listKeys(this.#db, teamId, query));
  }

  keysByIdPrefix(teamId: string, prefix: string, limit: number): Promise<readonly Key[]> {
    return this.#executor.lookUp(keysByIdPrefix(this.#db, teamId, prefix, limit));
  }

  allKeys(afterId: string, limit: number): Promise<readonly Key[]> {
    return this.#executor.lookUp(allKeys(this.#db, afterId, limit));
  }

  foundTeam(team: Team, owner: Member, author: AuditAuthor): Promise<void> {
    return this.#executor.write(foundTeam(this.#db, team, owner, author));
  }

  changePeople<Result>(
    teamId: string,
    author: AuditAuthor,
    decide: (people: TeamPeople) => PeopleChange<Result>,
  ): Promise<ProfileChangeOutcome<Result>> {
    return this.#executor.write(changePeople(this.#db, teamId, author, decide));
  }

  findPeople(teamId: string): Promise<TeamPeople | null> {
    return this.#executor.read(findPeople(this.#db, teamId));
  }

  teamsOf(personId: string): Promise<readonly TeamRole[]> {
    return this.#executor.lookUp(teamsOf(this.#db, personId));
  }

  findInvitation(tokenHash: string): Promise<Invitation | null> {
    return this.#executor.lookUp(findInvitation(this.#db, tokenHash));
  }

  invitationsFor(email: string): Promise<readonly Invitation[]> {
    return this.#executor.lookUp(invitationsFor(this.#db, email));
  }

  hasOwner(): Promise<boolean> {
    return this.#executor.lookUp(hasOwner(this.#db));
  }

  teamOf(kind: 'key' | 'profile', id: string): Promise<string | null> {
    return this.#executor.lookUp(teamOf(this.#db, kind, id));
  }

  announce(teamIds: readonly string[], author: AuditAuthor, change: AuditedChange): Promise<readonly Announcement[]> {
    return this.#executor.write(announce(this.#db, teamIds, author, change));
  }

  settle(announcements: readonly Announcement[], author: AuditAuthor, outcome: Outcome): Promise<void> {
    return this.#executor.write(settle(this.#db, announcements, author, outcome));
  }

  outcomesOf(teamId: string, seqs: readonly number[]): Promise<ReadonlyMap<number, Outcome>> {
    return this.#executor.read(outcomesOf(this.#db, teamId, seqs));
  }

  async recordUsage(batch: UsageBatch): Promise<readonly StoredEvent[] | null> {
    return this.#executor.write(this.#recordUsage(inOneOrder(batch)));
  }

  journalPosition(epoch: string): Promise<number> {
    return this.#executor.lookUp(journalPosition(this.#db, epoch));
  }

  async listEvents(query: EventQuery): Promise<readonly StoredEvent[]> {
    let found: readonly StoredEvent[] = [];
    let from: number | null = null;
    for (;;) {
      const part: EventsPart = await this.#executor.read(
        listEventsFrom(this.#db, query, from, query.limit - found.length),
      );
      found = [...found, ...part.events];
      from = part.next;
      if (from === null || found.length >= query.limit) return found;
      // A rare event is looked for in the whole log: whatever else waits goes first.
      await setImmediate();
    }
  }

  newestEventSeq(): Promise<number> {
    return this.#executor.lookUp(newestEventSeq(this.#db));
  }

  prunedEventSeq(): Promise<number> {
    return this.#executor.lookUp(prunedEventSeq(this.#db));
  }

  pruneEvents(before: number, keep: number, limit: number): Promise<number> {
    return this.#executor.write(pruneEvents(this.#db, before, keep, limit));
  }

  rollUpUsage(before: number, limit: number): Promise<number> {
    return this.#executor.write(this.#rollUpUsage(before, limit));
  }

  usageOf(keyId: string, since: number): Promise<readonly UsageRow[]> {
    return this.#executor.lookUp(usageOf(this.#db, keyId, since));
  }

  usageOfKeys(keyIds: readonly string[], since: number): Promise<readonly UsageRow[]> {
    return this.#executor.read(usageOfKeys(this.#db, keyIds, since));
  }

  lastUsesOf(keyIds: readonly string[]): Promise<readonly LastUse[]> {
    return this.#executor.read(lastUsesOf(this.#db, keyIds));
  }

  listAudit(teamId: string, query: AuditQuery): Promise<readonly AuditEntry[]> {
    return this.#executor.lookUp(listAudit(this.#db, teamId, query));
  }

  auditChain(teamId: string, afterSeq: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.#executor.lookUp(auditChain(this.#db, teamId, afterSeq, limit));
  }

  auditHead(teamId: string): Promise<ChainHead> {
    return this.#executor.lookUp(auditHead(this.#db, teamId));
  }

  greatestTime(): Promise<number> {
    return this.#executor.lookUp(greatestTime(this.#db));
  }

  persistTime(time: number): Promise<void> {
    return this.#executor.write(persistTime(this.#db, time));
  }

  close(): Promise<void> {
    return this.#executor.close();
  }
}
