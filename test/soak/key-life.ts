import { setTimeout } from 'node:timers/promises';
import { DAY_MS } from '../../src/core/clock.ts';
import { OutkitError } from '../../src/core/errors.ts';
import type { KeyService } from '../../src/core/key-service.ts';
import { mintedOf, newPlaintext } from '../acceptance/durability-model.ts';
import type { Dice } from './dice.ts';
import type { Change, History, Outcome } from './history.ts';
import type { Load, UsedSecret } from './load.ts';

/** The control API of one gateway. */
export interface KeysOfGateway {
  readonly name: string;
  readonly keys: KeyService;
}

export interface LifePorts {
  readonly gateways: readonly KeysOfGateway[];
  readonly profileId: string;
  readonly history: History;
  readonly load: Load;
  readonly dice: Dice;
  readonly tally: LifeTally;
}

/** What changes came to, beside what the history says. */
export interface LifeTally {
  /** Refusals of changes, by their codes. */
  readonly refused: Record<string, number>;
  /** Revokes that waited for a gateway until its lease was over. */
  waitedOut: number;
}

type Asked = Pick<Change, 'op' | 'begins' | 'ends'>;

/** After these, nobody knows whether the change was made. */
const UNCERTAIN: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'unavailable', 'bad_answer', 'internal']);

const MOST_TRIES = 100;
const BETWEEN_TRIES_MS = 250;
const UNLIMITED = 1_000_000_000;
/** So long a secret that ended is asked for. */
const AFTERLIFE_MS = 4_000;
/** A gateway knows the time of the database to the length of a synchronisation: what ends in time may end early by a lease, and never late. */
const EARLY_MS = 2_000;
const CLOCK_ERROR_MS = 20;

/** One key: created, used, perhaps rotated, and revoked. Each change is sent again, to any gateway, until somebody knows what became of it. */
export class KeyLife {
  readonly #ports: LifePorts;
  readonly #key: string;
  readonly #secrets: UsedSecret[] = [];
  #expiresAt: number | null = null;

  constructor(ports: LifePorts, number: number) {
    this.#ports = ports;
    this.#key = String(number);
  }

  /** Resolves when the key is revoked, and requests with its secrets are under way to all gateways. */
  async live(): Promise<void> {
    const { dice, load } = this.#ports;
    const id = await this.#create();
    if (id === null) return;
    await setTimeout(dice.span(20, 1_500));
    if (dice.isOneIn(2)) await this.#rotate(id);
    await this.#revoke(id);
    for (const secret of this.#secrets) load.sendEverywhere(secret);
  }

  /** The secrets are asked for until it resolves. */
  async afterlife(): Promise<void> {
    await setTimeout(AFTERLIFE_MS);
    for (const secret of this.#secrets) this.#ports.load.leave(secret);
  }

  async #create(): Promise<string | null> {
    const { dice, profileId } = this.#ports;
    if (dice.isOneIn(8)) this.#expiresAt = Date.now() + dice.between(4_000, 8_000);
    const secret = this.#newSecret();
    const created = await this.#change({ op: 'create', begins: secret.name, ends: [] }, (keys) =>
      keys.create({
        profileId,
        name: 'soak',
        environment: 'development',
        rateLimitPerMinute: UNLIMITED,
        expiresAt: this.#expiresAt,
        secret: mintedOf(secret.plaintext),
      }),
    );
    return created?.id ?? null;
  }

  /** In one of the ways in which an old secret ends: at once, by hand, or in time. */
  async #rotate(id: string): Promise<void> {
    const { dice } = this.#ports;
    const [old] = this.#secrets;
    if (old === undefined) return;
    const graceMs = dice.pick([0, 2_000, DAY_MS]);
    const startedMs = performance.now();
    const secret = this.#newSecret();
    const asked: Asked = { op: 'rotate', begins: secret.name, ends: graceMs === 0 ? [old.name] : [] };
    const minted = mintedOf(secret.plaintext);
    const rotated = await this.#change(asked, (keys) =>
      keys.rotate(id, { graceMs, replaceNew: false, secret: minted }),
    );
    if (graceMs === 2_000) {
      const acceptedUntil = rotated?.previousSecret?.acceptedUntil ?? null;
      if (acceptedUntil !== null) this.#endsAt(old, acceptedUntil);
      else this.#endedBetween(old, startedMs, performance.now(), rotated === null ? 'unknown' : 'done');
    }
    await setTimeout(dice.span(20, 1_500));
    if (graceMs !== DAY_MS) return;
    await this.#change({ op: 'end-grace', begins: null, ends: [old.name] }, (keys) => keys.endGrace(id));
    this.#ports.load.sendEverywhere(old);
  }

  async #revoke(id: string): Promise<void> {
    const ends = this.#secrets.map(({ name }) => name);
    const revoked = await this.#change({ op: 'revoke', begins: null, ends }, (keys) => keys.revoke(id, null));
    if (revoked !== null && revoked.gateways.waitedOut > 0) this.#ports.tally.waitedOut += 1;
  }

  /** `null` for a change that was refused, or that nobody confirmed. */
  async #change<Answer>(asked: Asked, ask: (keys: KeyService) => Promise<Answer>): Promise<Answer | null> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { name, keys } = this.#ports.dice.pick(this.#ports.gateways) as KeysOfGateway;
      const invokedMs = performance.now();
      const { outcome, answer } = await this.#outcomeOf(ask(keys));
      const returnedMs = performance.now();
      this.#ports.history.record({ ...asked, key: this.#key, gateway: name, invokedMs, returnedMs, outcome });
      if (outcome !== 'unknown') return answer;
      await setTimeout(BETWEEN_TRIES_MS);
    }
    return null;
  }

  async #outcomeOf<Answer>(asking: Promise<Answer>): Promise<{ outcome: Outcome; answer: Answer | null }> {
    try {
      return { outcome: 'done', answer: await asking };
    } catch (error) {
      if (!(error instanceof OutkitError)) throw error;
      if (UNCERTAIN.has(error.code)) return { outcome: 'unknown', answer: null };
      const { refused } = this.#ports.tally;
      refused[error.code] = (refused[error.code] ?? 0) + 1;
      return { outcome: 'refused', answer: null };
    }
  }

  #newSecret(): UsedSecret {
    const secret = { name: `${this.#key}/${this.#secrets.length + 1}`, plaintext: newPlaintext() };
    this.#secrets.push(secret);
    // Before it is made: a gateway that has called it unknown must not go on to do so.
    this.#ports.load.use(secret);
    if (this.#expiresAt !== null) this.#endsAt(secret, this.#expiresAt);
    return secret;
  }

  #endsAt(secret: UsedSecret, epochMs: number): void {
    const endMs = performance.now() + epochMs - Date.now();
    this.#endedBetween(secret, endMs - EARLY_MS, endMs + CLOCK_ERROR_MS, 'done');
  }

  #endedBetween({ name }: UsedSecret, invokedMs: number, returnedMs: number, outcome: Outcome): void {
    const times = { invokedMs, returnedMs, outcome };
    this.#ports.history.record({ op: 'expiry', key: this.#key, begins: null, ends: [name], gateway: '', ...times });
  }
}
