import { type Change, type Event, type SecretName, saysEnded, type Verification } from './history.ts';

/** What must never be seen of a secret. */
export type Rule =
  /** Accepted, though the request was sent after an end had been confirmed. */
  | 'accepted after its end'
  /** Called ended, in an answer that was there before anybody asked for an end. */
  | 'ended before its end'
  /** Accepted by a gateway that had called it ended to somebody before the request was sent. */
  | 'accepted after the same gateway refused it'
  /** Called unknown, though the request was sent after the secret had been confirmed. */
  | 'unknown after it was made';

export interface Violation {
  readonly rule: Rule;
  readonly seen: Verification;
  /** What it contradicts; `null` when it is that there was nothing. */
  readonly against: Event | null;
}

/** What a history says of one secret: the earliest and latest moments are all that the rules need. */
interface Facts {
  readonly verifications: Verification[];
  /** The end that was confirmed first. */
  ended: Change | null;
  /** The end that was asked for first, whether or not it was confirmed. */
  asked: Change | null;
  /** What made it known, confirmed first. */
  begun: Change | null;
  /** By gateway: the answer that called it ended first. */
  readonly refused: Map<string, Verification>;
}

/**
 * Every verdict that contradicts a change, or an earlier verdict of the same gateway. A change of which nobody knows whether it was made
 * allows both, until it is confirmed. Takes time and memory in proportion to the history.
 */
export function check(events: Iterable<Event>): readonly Violation[] {
  const secrets = new Map<SecretName, Facts>();
  for (const event of events) {
    if (event.op === 'verify') noteVerification(factsOf(secrets, event.secret), event);
    else noteChange(secrets, event);
  }
  return [...secrets.values()].flatMap((facts) => facts.verifications.flatMap((seen) => violationsOf(seen, facts)));
}

function violationsOf(seen: Verification, { ended, asked, begun, refused }: Facts): readonly Violation[] {
  const violations: Violation[] = [];
  const contradicts = (rule: Rule, against: Event | null) => violations.push({ rule, seen, against });
  if (seen.verdict === 'accepted') {
    if (ended !== null && seen.invokedMs > ended.returnedMs) contradicts('accepted after its end', ended);
    const refusal = refused.get(seen.gateway);
    if (refusal !== undefined && seen.invokedMs > refusal.returnedMs)
      contradicts('accepted after the same gateway refused it', refusal);
  }
  if (saysEnded(seen) && (asked === null || seen.returnedMs < asked.invokedMs))
    contradicts('ended before its end', asked);
  if (seen.verdict === 'key_unknown' && begun !== null && seen.invokedMs > begun.returnedMs)
    contradicts('unknown after it was made', begun);
  return violations;
}

function noteVerification(facts: Facts, seen: Verification): void {
  facts.verifications.push(seen);
  if (!saysEnded(seen)) return;
  const first = facts.refused.get(seen.gateway);
  if (first === undefined || seen.returnedMs < first.returnedMs) facts.refused.set(seen.gateway, seen);
}

function noteChange(secrets: Map<SecretName, Facts>, change: Change): void {
  if (change.outcome === 'refused') return;
  for (const secret of change.ends) {
    const facts = factsOf(secrets, secret);
    if (facts.asked === null || change.invokedMs < facts.asked.invokedMs) facts.asked = change;
    if (change.outcome === 'done') facts.ended = firstConfirmed(facts.ended, change);
  }
  if (change.begins === null || change.outcome !== 'done') return;
  const facts = factsOf(secrets, change.begins);
  facts.begun = firstConfirmed(facts.begun, change);
}

function firstConfirmed(known: Change | null, change: Change): Change {
  return known !== null && known.returnedMs <= change.returnedMs ? known : change;
}

function factsOf(secrets: Map<SecretName, Facts>, secret: SecretName): Facts {
  const known = secrets.get(secret);
  if (known !== undefined) return known;
  const facts: Facts = { verifications: [], ended: null, asked: null, begun: null, refused: new Map() };
  secrets.set(secret, facts);
  return facts;
}
