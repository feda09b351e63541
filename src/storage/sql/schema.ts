import type { Role } from '../../core/authorization.ts';
import type { Environment } from '../../core/environment.ts';
import type { Plan } from '../../core/profile.ts';
import type { RenderEvent } from '../../core/render-event.ts';

/** Tables and columns. Times are epoch milliseconds; the migrations say the rest. */
export interface Database {
  migrations: MigrationsTable;
  teams: TeamsTable;
  profiles: ProfilesTable;
  keys: KeysTable;
  key_secrets: KeySecretsTable;
  members: MembersTable;
  invitations: InvitationsTable;
  changes: ChangesTable;
  change_clock: ChangeClockTable;
  audit: AuditTable;
  usage: UsageTable;
  key_last_used: KeyLastUsedTable;
  event_segments: EventSegmentsTable;
  segment_keys: SegmentKeysTable;
  segment_profiles: SegmentProfilesTable;
  event_log: EventLogTable;
  usage_journals: UsageJournalsTable;
  gateways: GatewaysTable;
  barriers: BarriersTable;
}

export interface MigrationsTable {
  version: number;
  name: string;
}

export interface TeamsTable {
  id: string;
  name: string;
  created_at: number;
}

export interface ProfilesTable {
  id: string;
  team_id: string;
  name: string;
  plan: Plan;
  /** JSON of the design tokens. */
  design: string;
  created_at: number;
  archived_at: number | null;
}

export interface KeysTable {
  id: string;
  team_id: string;
  profile_id: string;
  name: string;
  environment: Environment;
  rate_limit_per_minute: number | null;
  expires_at: number | null;
  created_at: number;
  created_by: string;
  revoked_at: number | null;
  revoked_by: string | null;
  revoke_reason: string | null;
  version: number;
}

export interface KeySecretsTable {
  /** The 32 bytes of the SHA-256. */
  hash: Uint8Array;
  key_id: string;
  ordinal: number;
  start: string;
  created_at: number;
  superseded_at: number | null;
  accepted_until: number | null;
  revoked_at: number | null;
  request_digest: string;
}

export interface MembersTable {
  team_id: string;
  person_id: string;
  role: Role;
  since: number;
}

export interface InvitationsTable {
  id: string;
  team_id: string;
  email: string;
  role: Role;
  /** The 32 bytes of the SHA-256. */
  token_hash: Uint8Array;
  invited_by: string;
  created_at: number;
  expires_at: number;
  accepted_at: number | null;
  accepted_by: string | null;
  revoked_at: number | null;
}

/** The log of changes in the order of their commits. */
export interface ChangesTable {
  seq: number;
  kind: 'key' | 'profile' | 'people';
  subject_id: string;
  at: number;
}

/** One row: the last seq given out and the greatest time ever persisted. */
export interface ChangeClockTable {
  id: number;
  seq: number;
  at: number;
}

/** One chain for each team; `core/audit.ts` says what its hashes are of. */
export interface AuditTable {
  /** Of the change in `changes`. */
  change_seq: number;
  team_id: string;
  seq: number;
  at: number;
  actor: string;
  session: string | null;
  client: string | null;
  ip: string | null;
  action: string;
  subject_kind: string;
  subject_id: string;
  profile_id: string | null;
  /** JSON of the facts. */
  before: string | null;
  after: string | null;
  previous_hash: string;
  hash: string;
}

/** Of an hour, or of what is long past of a day in UTC. */
export interface UsageTable {
  key_id: string;
  secret_ordinal: number;
  in_grace: 0 | 1;
  hour: number;
  served: number;
  client_errors: number;
  server_errors: number;
  rate_limited: number;
  revoked: number;
  superseded: number;
  expired: number;
  archived: number;
  /** JSON of buckets and their counts. */
  durations: string;
}

export interface KeyLastUsedTable {
  key_id: string;
  secret_ordinal: number;
  at: number;
  ip: string;
  agent: string;
}

/** Render events, one number behind the other. */
export interface EventSegmentsTable {
  /** It stays when the first events of a segment are removed. */
  last_seq: number;
  first_seq: number;
  /** JSON of an array of events, each as `event-values.ts` writes it. */
  events: string;
}

/** Which segments have events of a key. */
export interface SegmentKeysTable {
  key_id: string;
  last_seq: number;
}

/** The same of a profile. */
export interface SegmentProfilesTable {
  profile_id: string;
  last_seq: number;
}

/** One row: the last seq given out and the greatest time ever persisted. */
export interface ChangeClockTable {
  id: number;
  seq: number;
  at: number;
}

/** One chain for each team; `core/audit.ts` says what its hashes are of. */
export interface AuditTable {
  /** Of the change in `changes`. */
  change_seq: number;
  team_id: string;
  seq: number;
  at: number;
  actor: string;
  session: string | null;
  client: string | null;
  ip: string | null;
  action: string;
  subject_kind: string;
  subject_id: string;
  profile_id: string | null;
  /** JSON of the facts. */
  before: string | null;
  after: string | null;
  previous_hash: string;
  hash: string;
}

/** Of an hour, or of what is long past of a day in UTC. */
export interface UsageTable {
  key_id: string;
  secret_ordinal: number;
  in_grace: 0 | 1;
  hour: number;
  served: number;
  client_errors: number;
  server_errors: number;
  rate_limited: number;
  revoked: number;
  superseded: number;
  expired: number;
  archived: number;
  /** JSON of buckets and their counts. */
  durations: string;
}

export interface KeyLastUsedTable {
  key_id: string;
  secret_ordinal: number;
  at: number;
  ip: string;
  agent: string;
}

export interface RenderEventsTable {
  seq: number;
  at: number;
  profile_id: string;
  key_id: string;
  key_name: string;
  start: string;
  request_id: string;
  method: string;
  path: string;
  status: number;
  verdict: RenderEvent['verdict'];
  duration_us: number;
  blocks: number | null;
  bytes_in: number;
  bytes_out: number;
  ip: string;
  agent: string;
  count: number;
  is_interrupted: 0 | 1;
}

/** One row: the last seq given out, up to which seq events may have been removed, and how many are kept. */
export interface EventLogTable {
  id: number;
  seq: number;
  pruned_seq: number;
  kept: number;
}

export interface UsageJournalsTable {
  epoch: string;
  position: number;
}

/** One start of a server process that admits requests. */
export interface GatewaysTable {
  epoch: string;
  label: string;
  version: string;
  started_at: number;
  seen_at: number;
  applied_seq: number;
  retired_at: number | null;
  is_drained: 0 | 1;
  is_settled: 0 | 1;
}

export interface BarriersTable {
  epoch: string;
  number: number;
  label: string;
  at: number;
  ms: number;
  confirmed: number;
  waited_out: number;
}
