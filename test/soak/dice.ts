import { seededRandom } from '../seeded-random.ts';

/** Choices that a seed decides. */
export class Dice {
  readonly #fill: (bytes: Uint8Array) => Uint8Array;

  constructor(seed: number) {
    this.#fill = seededRandom(seed);
  }

  /** A whole number from 0, below `end`. */
  below(end: number): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#fill(new Uint8Array(4));
    return Math.floor((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) * (end / 2 ** 32));
  }

  between(from: number, to: number): number {
    return from + this.below(to - from);
  }

  /** Short spans as often as long ones: as likely from 1 to 2 as from 10 to 20. */
  span(from: number, to: number): number {
    return Math.round(from * (to / from) ** (this.below(1_000) / 1_000));
  }

  isOneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  pick<Item>(items: readonly Item[]): Item | undefined;
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }

  /** A source of randomness of its own, so that one who asks more often does not change what others get. */
  fork(): Dice {
    return new Dice(this.below(2 ** 32));
  }
}
