/** What happened to keys, as one process saw it: all times are of its monotonic clock, in milliseconds. */
export type Event = Verification | Change;

/** The name of a secret in a history, such as `17/2`: the second one of the 17th key. Never a plaintext. */
export type SecretName = string;

/** A request to a gateway with a secret. */
export interface Verification {
  readonly op: 'verify';
  readonly secret: SecretName;
  readonly gateway: string;
  /** Before its first byte was sent. */
  readonly invokedMs: number;
  /** After the last byte of its answer was read, or when it was known that none would come. */
  readonly returnedMs: number;
  readonly verdict: Heard;
}

/** `accepted`, the code of a refusal, or `cut` when nobody heard the verdict. */
export type Heard = 'accepted' | 'cut' | (string & {});

/** A request to change a key, or an end in time. What it ends has ended for ever: histories have no rotations that are cancelled. */
export interface Change {
  readonly op: 'create' | 'rotate' | 'end-grace' | 'revoke' | 'expiry';
  readonly key: string;
  /** The secret that it makes known. */
  readonly begins: SecretName | null;
  readonly ends: readonly SecretName[];
  /** Where it was asked for; empty for an end in time. */
  readonly gateway: string;
  readonly invokedMs: number;
  readonly returnedMs: number;
  readonly outcome: Outcome;
}

/** `unknown`: it may be in force, or not, or come into force later. */
export type Outcome = 'done' | 'refused' | 'unknown';

const ENDED: ReadonlySet<Heard> = new Set(['key_revoked', 'key_superseded', 'key_expired']);

/** Whether the verdict says that the secret was good once, and is not any more. */
export function saysEnded({ verdict }: Verification): boolean {
  return ENDED.has(verdict);
}

/** Everything that was done in a run, in the order in which it was over. */
export class History {
  readonly events: Event[] = [];
  #verifications = 0;

  record(event: Event): void {
    if (event.op === 'verify') this.#verifications += 1;
    this.events.push(event);
  }

  get verifications(): number {
    return this.#verifications;
  }

  get changes(): readonly Change[] {
    return this.events.filter((event) => event.op !== 'verify');
  }
}
