import type { SyncAnswer } from '../core/gateway-store.ts';

/** So many of the last revoked keys are named to whoever has to look after them. */
const NAMED_KEYS = 20;

/** The database has lost changes that were in force. */
export class LostChanges extends Error {
  override readonly name = 'LostChanges';

  /** `revokedKeys`: ids of those that were last seen to be revoked, newest first. */
  constructor(revokedKeys: readonly string[]) {
    const known = revokedKeys.length === 0 ? '' : `, the last of them ${revokedKeys.join(', ')}`;
    super(
      'the database has lost changes that were in force, like a standby that lagged and took over: this gateway refuses all ' +
        `requests from now on. Revoke again what was revoked${known}; then restart the server`,
    );
  }
}

/**
 * What this gateway knows of the history of the database, whatever else it forgets: the last change that it applied. A database that has
 * another one there, or none yet, is a copy that lagged and took over: changes that were in force are not in it.
 */
export class AppliedHistory {
  #seq = 0;
  #mark: string | null = null;
  #revokedKeys: readonly string[] = [];

  /** Of the last change that was applied; 0 before the first synchronisation. */
  get seq(): number {
    return this.#seq;
  }

  /** Throws `LostChanges` when the answer to a synchronisation from `position` is of another history. */
  compare({ seq, positionMark }: SyncAnswer, position: number): void {
    // A change that is not kept any more says nothing.
    const isComparable = position === this.#seq && this.#mark !== null && positionMark !== null;
    if (seq < this.#seq || (isComparable && positionMark !== this.#mark)) throw new LostChanges(this.#revokedKeys);
  }

  applied({ throughSeq, throughMark, keys }: SyncAnswer): void {
    this.#seq = throughSeq;
    this.#mark = throughMark;
    const revoked = keys.filter(({ revokedAt }) => revokedAt !== null).map(({ id }) => id);
    if (revoked.length > 0) this.#revokedKeys = [...new Set([...revoked, ...this.#revokedKeys])].slice(0, NAMED_KEYS);
  }
}
