import type { AuditAuthor, AuditEntry, AuditedChange, ChainHead } from '../../core/audit.ts';
import { keyChangeOf, profileChangeOf } from '../../core/audited-change.ts';
import { announced, type Outcome, settled } from '../../core/audited-outcome.ts';
import { peopleChangesOf } from '../../core/audited-people-change.ts';
import type { EventQuery } from '../../core/event-store.ts';
import { isPast, type Key } from '../../core/key.ts';
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
import { SECRET_HASH_PATTERN } from '../../core/secret.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import type { LastUse, UsageBatch, UsageRow } from '../../core/usage.ts';
import { requireEventNumbers } from '../event-values.ts';
import { keyDifference } from '../key-difference.ts';
import { foundedPeople, peopleDifference } from '../people-difference.ts';
import { profileDifference } from '../profile-difference.ts';
import type { Store } from '../store.ts';
import { requireWholeNumbers } from '../whole-numbers.ts';
import { MemoryAudit } from './memory-audit.ts';
import { MemoryEvents } from './memory-events.ts';
import { MemoryPeople } from './memory-people.ts';
import { MemoryUsage } from './memory-usage.ts';
import { byCreation, compare } from './order.ts';

/** Keeps everything in maps, for tests: durable until the process ends. Nothing reads its changes, so only the audit log has them. */
export class MemoryKeyStore implements Store {
  readonly #teams = new Map<string, Team>();
  readonly #profiles = new Map<string, Profile>();
  readonly #keys = new Map<string, Key>();
  readonly #keyIdsByHash = new Map<SecretHash, string>();
  readonly #people = new MemoryPeople();
  readonly #audit = new MemoryAudit();
  readonly #usage = new MemoryUsage();
  readonly #events = new MemoryEvents();
  #greatestTime = 0;

  async insertTeam(team: Team): Promise<void> {
    this.#addTeam(team);
  }

  async listTeams(): Promise<readonly Team[]> {
    return [...this.#teams.values()].sort(byCreation);
  }

  async insertProfile(profile: Profile, author: AuditAuthor): Promise<void> {
    requireWholeNumbers(profile.createdAt, profile.archivedAt, author.at);
    if (this.#profiles.has(profile.id)) throw new Error(`there is a profile ${profile.id} already`);
    if (!this.#teams.has(profile.teamId)) throw new Error(`there is no team ${profile.teamId}`);
    this.#profiles.set(profile.id, structuredClone(profile));
    this.#record(profile.teamId, author, profileChangeOf(null, profile), profile.createdAt);
  }

  async changeProfile<Result>(
    teamId: string,
    profileId: string,
    author: AuditAuthor,
    decide: (profile: Profile) => ProfileChangeDecision<Result>,
  ): Promise<ProfileChangeOutcome<Result>> {
    const before = this.#profileOfTeam(teamId, profileId);
    if (before === null) return { kind: 'not_found' };
    const { profile: after, result } = decide(before);
    const difference = after === null ? null : profileDifference(before, after);
    if (after !== null && difference !== null) {
      requireWholeNumbers(after.archivedAt, author.at);
      this.#profiles.set(profileId, structuredClone(after));
      this.#record(teamId, author, profileChangeOf(before, after), difference.archivedAt ?? 0);
    }
    return { kind: 'decided', result };
  }

  async findProfile(teamId: string, profileId: string): Promise<Profile | null> {
    return this.#profileOfTeam(teamId, profileId);
  }

  async listProfiles(teamId: string): Promise<readonly Profile[]> {
    return (await this.allProfiles()).filter((profile) => profile.teamId === teamId);
  }

  async allProfiles(): Promise<readonly Profile[]> {
    return [...this.#profiles.values()].sort(byCreation);
  }

  async insertKey(key: Key, author: AuditAuthor): Promise<InsertOutcome> {
    requireKeyNumbers(key);
    requireWholeNumbers(author.at);
    if (this.#keys.has(key.id)) throw new Error(`there is a key ${key.id} already`);
    if (this.#profiles.get(key.profileId)?.teamId !== key.teamId)
      throw new Error(`there is no profile ${key.profileId}`);
    if (this.#hashesInUse(key.secrets)) return { kind: 'hash_in_use' };
    this.#put(key);
    this.#record(key.teamId, author, keyChangeOf(null, key), key.createdAt);
    return { kind: 'inserted' };
  }

  async change<Result>(
    teamId: string,
    keyId: string,
    author: AuditAuthor,
    decide: (key: Key) => KeyChange<Result>,
  ): Promise<ChangeOutcome<Result>> {
    const before = this.#keyOfTeam(teamId, keyId);
    if (before === null) return { kind: 'not_found' };
    const { key: after, result } = decide(before);
    const difference = after === null ? null : keyDifference(before, after);
    if (after !== null && difference !== null) {
      requireKeyNumbers(after);
      requireWholeNumbers(author.at);
      if (this.#hashesInUse(difference.newSecrets)) return { kind: 'hash_in_use' };
      this.#put(after);
      this.#record(teamId, author, keyChangeOf(before, after), difference.at ?? 0);
    }
    return { kind: 'decided', result };
  }

  async findKey(teamId: string, keyId: string): Promise<Key | null> {
    return this.#keyOfTeam(teamId, keyId);
  }

  async findKeyByHash(hash: SecretHash): Promise<Key | null> {
    return this.#keys.get(this.#keyIdsByHash.get(hash) ?? '') ?? null;
  }

  async listKeys(teamId: string, query: KeyQuery): Promise<readonly Key[]> {
    const { profileId, includeEnded, now, after, limit } = query;
    return [...this.#keys.values()]
      .filter((key) => key.teamId === teamId && key.profileId === profileId)
      .filter((key) => includeEnded || (key.revokedAt === null && !isPast(key.expiresAt, now)))
      .filter((key) => after === null || byCreation(key, after) < 0)
      .sort((left, right) => byCreation(right, left))
      .slice(0, limit);
  }

  async keysByIdPrefix(teamId: string, prefix: string, limit: number): Promise<readonly Key[]> {
    return this.#keysById((key) => key.teamId === teamId && key.id.startsWith(prefix)).slice(0, limit);
  }

  async allKeys(afterId: string, limit: number): Promise<readonly Key[]> {
    return this.#keysById((key) => key.id > afterId).slice(0, limit);
  }

  async foundTeam(team: Team, owner: Member, author: AuditAuthor): Promise<void> {
    requireWholeNumbers(owner.since, author.at);
    const people = foundedPeople(team, owner);
    this.#addTeam(team);
    this.#people.addOwner(owner);
    const at = Math.max(team.createdAt, owner.since);
    for (const change of peopleChangesOf(null, people)) this.#record(team.id, author, change, at);
  }

  async changePeople<Result>(
    teamId: string,
    author: AuditAuthor,
    decide: (people: TeamPeople) => PeopleChange<Result>,
  ): Promise<ProfileChangeOutcome<Result>> {
    const team = this.#teams.get(teamId);
    if (team === undefined) return { kind: 'not_found' };
    const before = this.#people.of(team);
    const { people: after, result } = decide(before);
    const difference = after === null ? null : peopleDifference(before, after);
    if (after !== null && difference !== null) {
      requireWholeNumbers(author.at);
      this.#people.write(teamId, difference);
      this.#teams.set(teamId, { ...after.team });
      for (const change of peopleChangesOf(before, after)) this.#record(teamId, author, change, difference.at ?? 0);
    }
    return { kind: 'decided', result };
  }

  async findPeople(teamId: string): Promise<TeamPeople | null> {
    const team = this.#teams.get(teamId);
    return team === undefined ? null : this.#people.of(team);
  }

  async teamsOf(personId: string): Promise<readonly TeamRole[]> {
    return this.#people.teamsOf(personId, this.#teams);
  }

  async findInvitation(tokenHash: string): Promise<Invitation | null> {
    return this.#people.invitationBy(tokenHash);
  }

  async invitationsFor(email: string): Promise<readonly Invitation[]> {
    return this.#people.invitationsFor(email);
  }

  async hasOwner(): Promise<boolean> {
    return this.#people.hasOwner();
  }

  async teamOf(kind: 'key' | 'profile', id: string): Promise<string | null> {
    const subjects = kind === 'key' ? this.#keys : this.#profiles;
    return subjects.get(id)?.teamId ?? null;
  }

  async announce(
    teamIds: readonly string[],
    author: AuditAuthor,
    change: AuditedChange,
  ): Promise<readonly Announcement[]> {
    this.#requireTeams(teamIds);
    requireWholeNumbers(author.at);
    return teamIds.map((teamId) => ({ teamId, seq: this.#record(teamId, author, announced(change), 0) }));
  }

  async settle(announcements: readonly Announcement[], author: AuditAuthor, outcome: Outcome): Promise<void> {
    this.#requireTeams(announcements.map(({ teamId }) => teamId));
    requireWholeNumbers(author.at);
    for (const { teamId, seq } of announcements) this.#record(teamId, author, settled(seq, outcome), 0);
  }

  async outcomesOf(teamId: string, seqs: readonly number[]): Promise<ReadonlyMap<number, Outcome>> {
    return this.#audit.outcomesOf(teamId, seqs);
  }

  async recordUsage({ rows, lastUses, events, journal, at }: UsageBatch): Promise<readonly StoredEvent[] | null> {
    requireWholeNumbers(at, journal?.position ?? null);
    for (const { keyId } of [...rows, ...lastUses, ...events]) {
      if (!this.#keys.has(keyId)) throw new Error(`there is no key ${keyId}`);
    }
    requireEventNumbers(events);
    if (journal !== null && this.#usage.positionOf(journal.epoch) >= journal.position) return null;
    this.#usage.record(rows, lastUses);
    this.#usage.keepPosition(journal);
    if (at !== null) this.#keepTime(at);
    return this.#events.append(events);
  }

  async journalPosition(epoch: string): Promise<number> {
    return this.#usage.positionOf(epoch);
  }

  async listEvents(query: EventQuery): Promise<readonly StoredEvent[]> {
    return this.#events.list(query);
  }

  async newestEventSeq(): Promise<number> {
    return this.#events.newestSeq;
  }

  async prunedEventSeq(): Promise<number> {
    return this.#events.prunedSeq;
  }

  async pruneEvents(before: number, keep: number, limit: number): Promise<number> {
    return this.#events.prune(before, keep, limit);
  }

  async rollUpUsage(before: number, limit: number): Promise<number> {
    return this.#usage.rollUp(before, limit);
  }

  async usageOf(keyId: string, since: number): Promise<readonly UsageRow[]> {
    return this.#usage.of([keyId], since);
  }

  async usageOfKeys(keyIds: readonly string[], since: number): Promise<readonly UsageRow[]> {
    return this.#usage.of(keyIds, since);
  }

  async lastUsesOf(keyIds: readonly string[]): Promise<readonly LastUse[]> {
    return this.#usage.lastUsesOf(keyIds);
  }

  async listAudit(teamId: string, query: AuditQuery): Promise<readonly AuditEntry[]> {
    return this.#audit.list(teamId, query);
  }

  async auditChain(teamId: string, afterSeq: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.#audit.chain(teamId, afterSeq, limit);
  }

  async auditHead(teamId: string): Promise<ChainHead> {
    return this.#audit.head(teamId);
  }

  async greatestTime(): Promise<number> {
    return this.#greatestTime;
  }

  async persistTime(time: number): Promise<void> {
    requireWholeNumbers(time);
    this.#keepTime(time);
  }

  async close(): Promise<void> {}

  #record(teamId: string, author: AuditAuthor, change: AuditedChange, at: number): number {
    this.#keepTime(Math.max(at, author.at));
    return this.#audit.append(teamId, { ...author, at: this.#greatestTime }, change);
  }

  #addTeam(team: Team): void {
    requireWholeNumbers(team.createdAt);
    if (this.#teams.has(team.id)) throw new Error(`there is a team ${team.id} already`);
    this.#teams.set(team.id, team);
  }

  #requireTeams(ids: readonly string[]): void {
    for (const id of ids) if (!this.#teams.has(id)) throw new Error(`there is no team ${id}`);
  }

  #keepTime(time: number): void {
    this.#greatestTime = Math.max(this.#greatestTime, time);
  }

  #profileOfTeam(teamId: string, profileId: string): Profile | null {
    const profile = this.#profiles.get(profileId);
    return profile?.teamId === teamId ? profile : null;
  }

  #keyOfTeam(teamId: string, keyId: string): Key | null {
    const key = this.#keys.get(keyId);
    return key?.teamId === teamId ? key : null;
  }

  #keysById(isWanted: (key: Key) => boolean): Key[] {
    return [...this.#keys.values()].filter(isWanted).sort((left, right) => compare(left.id, right.id));
  }

  #hashesInUse(secrets: Key['secrets']): boolean {
    const hashes = new Set(secrets.map((secret) => secret.hash));
    return hashes.size < secrets.length || secrets.some((secret) => this.#keyIdsByHash.has(secret.hash));
  }

  #put(key: Key): void {
    const secrets = [...key.secrets].sort((left, right) => left.ordinal - right.ordinal);
    this.#keys.set(key.id, { ...key, secrets });
    for (const { hash } of secrets) this.#keyIdsByHash.set(hash, key.id);
  }
}

function requireKeyNumbers(key: Key): void {
  requireWholeNumbers(key.rateLimitPerMinute, key.expiresAt, key.createdAt, key.revokedAt);
  for (const secret of key.secrets) {
    if (!SECRET_HASH_PATTERN.test(secret.hash)) throw new Error(`key ${key.id} has a malformed hash`);
    requireWholeNumbers(secret.ordinal, secret.createdAt, secret.supersededAt, secret.acceptedUntil, secret.revokedAt);
  }
  const ordinals = new Set(key.secrets.map((secret) => secret.ordinal));
  if (ordinals.size !== key.secrets.length) throw new Error(`key ${key.id} has an ordinal twice`);
}
