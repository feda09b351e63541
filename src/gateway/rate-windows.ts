import { emptyWindow, type RateWindow } from './rate-limit.ts';

/** The windows of keys, which outlive what is known of them: a key that is read again goes on in its minute. */
export class RateWindows {
  readonly #max: number;
  readonly #windows = new Map<string, RateWindow>();

  constructor(max: number) {
    this.#max = max;
  }

  of(keyId: string): RateWindow {
    const known = this.#windows.get(keyId);
    // Whoever was asked for last is forgotten last.
    this.#windows.delete(keyId);
    const window = known ?? emptyWindow();
    this.#windows.set(keyId, window);
    if (this.#windows.size > this.#max) this.#windows.delete(this.#windows.keys().next().value as string);
    return window;
  }
}
