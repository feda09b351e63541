/** One series of figures, such as the nanoseconds of a verdict, one for each round. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly samples: readonly number[];
}

/** A figure that the product is to reach. */
export interface Goal {
  readonly what: string;
  /** One for each round, so that what made one round slow made both sides of it slow. */
  readonly samples: readonly number[];
  readonly better: 'higher' | 'lower';
  readonly reach: number | null;
  readonly moonshot: number | null;
}

/** What somebody else says of their own product. It was not measured here. */
export interface Quotation {
  readonly who: string;
  readonly figure: string;
  readonly conditions: string;
}

export interface BenchResult {
  readonly series: readonly Series[];
  readonly goals: readonly Goal[];
  readonly quoted?: readonly Quotation[];
  /** What else a reader has to know: sizes, versions. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface BenchOptions {
  /** Rounds of everything that is compared. */
  readonly rounds: number;
  /** Of one load on a server, and of what takes as long as one lets it. */
  readonly seconds: number;
  /** Of the load that goes on for minutes. */
  readonly minutes: number;
  readonly progress: (text: string) => void;
}

export interface Bench {
  readonly title: string;
  /** What is drawn: one axis, so series of one unit. */
  readonly plot: { readonly unit: string; readonly scale: 'linear' | 'log' };
  run(options: BenchOptions): Promise<BenchResult>;
}
