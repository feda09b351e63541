import { hash } from 'node:crypto';

/** What changed, flat: names, plans, ends, starts of secrets. Never a plaintext, and never the hash of one. Times are ISO 8601. */
export type AuditFacts = Readonly<Record<string, string | number | null>>;

/** Who changes something, by which session, with which program, from where, and when. `null`: the server itself, which has none of these. */
export interface AuditAuthor {
  readonly actor: string;
  /** Id of the person's session; `null` for the server itself and the credential of `outkit dev`. */
  readonly session: string | null;
  readonly client: string | null;
  readonly ip: string | null;
  readonly at: number;
}

export type AuditAction =
  | 'key.create'
  | 'key.update'
  | 'key.rotate'
  | 'key.replace_new'
  | 'key.end_grace'
  | 'key.extend_grace'
  | 'key.cancel_rotation'
  | 'key.revoke'
  | 'profile.create'
  | 'profile.update'
  | 'profile.archive'
  | 'team.create'
  | 'team.rename'
  | 'member.add'
  | 'member.role'
  | 'member.remove'
  | 'invitation.create'
  | 'invitation.accept'
  | 'invitation.revoke'
  | 'person.create'
  | 'person.password'
  | 'person.identity'
  | 'session.start'
  | 'session.end'
  | 'device.approve'
  | 'device.deny'
  | 'outcome';

export type AuditSubjectKind = 'key' | 'profile' | 'team' | 'member' | 'invitation' | 'person' | 'session' | 'entry';

/** What was done to what. `before` is `null` where something came into being. */
export interface AuditedChange {
  readonly action: AuditAction;
  readonly subjectKind: AuditSubjectKind;
  /** For a member the id of the person. */
  readonly subjectId: string;
  /** `null` for what belongs to no profile. */
  readonly profileId: string | null;
  readonly before: AuditFacts | null;
  readonly after: AuditFacts;
}

/** An entry as it is stored. Action and kind are any text here: whether they are what was written is for the hash to say. */
export interface AuditEntry
  extends AuditAuthor,
    Omit<AuditedChange, 'action' | 'subjectKind' | 'after'>,
    Readonly<Record<'action' | 'subjectKind', string>> {
  readonly teamId: string;
  /** 1 for the first entry of a team, one more for each later one, without gaps. */
  readonly seq: number;
  readonly after: AuditFacts | null;
  readonly previousHash: string;
  readonly hash: string;
}

/** The last entry of a chain. Whoever keeps it can tell later whether the chain up to there is still the same. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** The head of a chain without entries. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: '0'.repeat(64) };

export type ChainFinding =
  | { readonly kind: 'intact'; readonly head: ChainHead }
  /** The entry is not what was written there, or was not written behind the one before it. */
  | { readonly kind: 'broken'; readonly seq: number }
  | { readonly kind: 'missing'; readonly seq: number }
  /** The entry fits its chain, but the head that was kept is of another chain. */
  | { readonly kind: 'rewritten'; readonly seq: number }
  /** The chain ends at `seq`, before the head that was kept. */
  | { readonly kind: 'cut_off'; readonly seq: number };

/** The entry that follows a head. */
export function chained(head: ChainHead, teamId: string, author: AuditAuthor, change: AuditedChange): AuditEntry {
  const { actor, session, client, ip, at } = author;
  const link = { teamId, seq: head.seq + 1, previousHash: head.hash };
  const entry = { ...change, actor, session, client, ip, at, ...link };
  return { ...entry, hash: hashOfEntry(entry) };
}

/**
 * Reads a chain from its first entry on, one at a time, and stops at the first finding. Without `kept`, the end that it has counts as
 * its end.
 */
export async function verifyChain(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  kept: ChainHead = EMPTY_CHAIN,
): Promise<ChainFinding> {
  let head = EMPTY_CHAIN;
  for await (const entry of entries) {
    const { seq } = entry;
    if (seq > head.seq + 1) return { kind: 'missing', seq: head.seq + 1 };
    const isNext = seq === head.seq + 1 && entry.previousHash === head.hash;
    if (!isNext || hashOfEntry(entry) !== entry.hash) return { kind: 'broken', seq };
    if (seq === kept.seq && entry.hash !== kept.hash) return { kind: 'rewritten', seq };
    head = { seq, hash: entry.hash };
  }
  return head.seq < kept.seq ? { kind: 'cut_off', seq: head.seq } : { kind: 'intact', head };
}

/** `<seq>:<hash>`, as people keep a head. */
export function headText({ seq, hash }: ChainHead): string {
  return `${seq}:${hash}`;
}

/** Reads what {@link headText} writes; `null` for anything else. */
export function parseHead(text: string): ChainHead | null {
  const match = /^(0|[1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text);
  return match === null ? null : { seq: Number(match[1]), hash: match[2] as string };
}

/**
 * SHA-256 of one JSON array: JSON keeps apart what plain joining would run together, and an array has one order. Facts are lists of
 * pairs in the order of their names, since stores need not keep that of an object. The first value names this encoding: the second has
 * the session, which entries from before there were accounts do not have.
 */
function hashOfEntry(entry: Omit<AuditEntry, 'hash'>): string {
  const { teamId, seq, at, actor, session, client, ip, action, subjectKind, subjectId, profileId, previousHash } =
    entry;
  const encoding = session === null ? ['outkit-audit-1'] : ['outkit-audit-2', session];
  const who = [teamId, seq, at, actor, client, ip];
  const what = [action, subjectKind, subjectId, profileId, pairsOf(entry.before), pairsOf(entry.after)];
  return hash('sha256', JSON.stringify([...encoding, ...who, ...what, previousHash]), 'hex');
}

function pairsOf(facts: AuditFacts | null): readonly unknown[] | null {
  return facts === null ? null : Object.entries(facts).sort(([left], [right]) => (left < right ? -1 : 1));
}
