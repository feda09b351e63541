/** Counts gateways that said that they had recorded a position, so that who waits for some of them looks in time, and not over and over. */
export class AppliedHints {
  readonly #waiting = new Set<() => void>();
  #heard = 0;

  /** How many there were so far. */
  get heard(): number {
    return this.#heard;
  }

  hear(): void {
    this.#heard += 1;
    for (const look of this.#waiting) look();
  }

  /** Resolves when there were so many, or after `ms`. */
  wait(ms: number, untilHeard: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (this.#heard >= untilHeard) end();
      };
      const timer = setTimeout(end, ms);
      this.#waiting.add(look);
      look();
    });
  }
}
