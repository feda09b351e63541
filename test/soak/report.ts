import { check, type Violation } from './checker.ts';
import type { Change, Event, History, SecretName, Verification } from './history.ts';
import type { Struck } from './nemesis.ts';

/** Milliseconds; of no sample all are 0. */
export interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Revokes that were under way during a fault of this kind. */
export interface RevokesUnder {
  readonly fault: string;
  readonly strikes: number;
  readonly revokes: number;
  /** From the request to its answer. */
  readonly returnMs: Distribution;
  /** From the request until the last request was sent that was still accepted somewhere. */
  readonly lastAcceptMs: Distribution;
}

export interface Report {
  readonly verifications: number;
  /** By what was heard. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** That waited in a socket for more than a second, and were judged then. */
  readonly heldUp: number;
  readonly revokes: number;
  /** Changes of which nobody knew whether they were made. */
  readonly uncertain: number;
  readonly strikes: number;
  readonly violations: readonly Violation[];
  /** All that is known of the first secrets with a violation, in the order in which it began, and the faults of the whole run. */
  readonly evidence: Readonly<Record<SecretName, readonly Event[]>>;
  readonly struck: readonly Struck[];
  readonly byFault: readonly RevokesUnder[];
}

const HELD_UP_MS = 1_000;
const NO_FAULT = 'none';
const SECRETS_IN_EVIDENCE = 10;

/** What a run came to. */
export function reportOf(history: History, struck: readonly Struck[]): Report {
  const verifications = history.events.filter((event): event is Verification => event.op === 'verify');
  const { changes } = history;
  const revokes = changes.filter(({ op, outcome }) => op === 'revoke' && outcome === 'done');
  const violations = check(history.events);
  return {
    verifications: verifications.length,
    verdicts: counted(verifications.map(({ verdict }) => verdict)),
    heldUp: verifications.filter(isHeldUp).length,
    revokes: revokes.length,
    uncertain: changes.filter(({ outcome }) => outcome === 'unknown').length,
    strikes: struck.length,
    violations,
    evidence: evidenceOf(violations, history),
    struck,
    byFault: revokesByFault(revokes, lastAccepts(verifications), struck),
  };
}

/** Why a run proves too little; empty when it does not. A run that met nothing has shown nothing. */
export function shortfalls(report: Report, seconds: number): readonly string[] {
  const { verifications, revokes, strikes, verdicts } = report;
  const least = (what: string, found: number, wanted: number) =>
    found < wanted ? [`${found} ${what}, and at least ${Math.ceil(wanted)} are wanted`] : [];
  const isLong = seconds >= 60;
  return [
    ...least('verifications', verifications, 100 * seconds),
    ...least('accepted requests', verdicts['accepted'] ?? 0, 30 * seconds),
    ...least('refusals of a revoked key', verdicts['key_revoked'] ?? 0, 10 * seconds),
    ...least('revokes', revokes, seconds),
    ...least('faults', strikes, seconds / 6),
    ...(isLong ? least('requests judged after a wait', report.heldUp, 10) : []),
    ...(isLong ? least('changes with an unknown outcome', report.uncertain, 1) : []),
  ];
}

function evidenceOf(violations: readonly Violation[], { events }: History): Report['evidence'] {
  const secrets = [...new Set(violations.map(({ seen }) => seen.secret))].slice(0, SECRETS_IN_EVIDENCE);
  const isAbout = (event: Event, secret: SecretName) =>
    event.op === 'verify' ? event.secret === secret : event.begins === secret || event.ends.includes(secret);
  return Object.fromEntries(
    secrets.map((secret) => {
      const found = events.filter((event) => isAbout(event, secret));
      return [secret, found.sort((left, right) => left.invokedMs - right.invokedMs)];
    }),
  );
}

function isHeldUp({ invokedMs, returnedMs, verdict }: Verification): boolean {
  return verdict !== 'cut' && returnedMs - invokedMs > HELD_UP_MS;
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** By key: when the last request was sent that was accepted. */
function lastAccepts(verifications: readonly Verification[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { secret, verdict, invokedMs } of verifications) {
    const [key = ''] = secret.split('/', 1);
    if (verdict === 'accepted') last.set(key, Math.max(last.get(key) ?? 0, invokedMs));
  }
  return last;
}

function revokesByFault(
  revokes: readonly Change[],
  lastAcceptMs: ReadonlyMap<string, number>,
  struck: readonly Struck[],
): readonly RevokesUnder[] {
  const under = new Map<string, Change[]>([[NO_FAULT, []]]);
  for (const revoke of revokes) {
    const faults = struck.filter(({ fromMs, untilMs }) => fromMs < revoke.returnedMs && untilMs > revoke.invokedMs);
    const kinds = faults.length === 0 ? [NO_FAULT] : new Set(faults.map(({ fault }) => fault));
    for (const kind of kinds) {
      const found = under.get(kind);
      if (found === undefined) under.set(kind, [revoke]);
      else found.push(revoke);
    }
  }
  return [...under].map(([fault, found]) => ({
    fault,
    strikes: struck.filter((one) => one.fault === fault).length,
    revokes: found.length,
    returnMs: distribution(found.map(({ invokedMs, returnedMs }) => returnedMs - invokedMs)),
    lastAcceptMs: distribution(
      found.map(({ key, invokedMs }) => Math.max(0, (lastAcceptMs.get(key) ?? 0) - invokedMs)),
    ),
  }));
}

export function distribution(samplesMs: readonly number[]): Distribution {
  const sorted = samplesMs.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
