/** A component that was built from a piece of the document; the renderer adds what depends on the request. */
export interface Built<Name extends string, Props> {
  readonly component: Name;
  readonly props: Props;
  /** How sure the rule is, from 0 to 1: 1 for markup that says what it is, less for a reading of the text. */
  readonly confidence: number;
  /** One line about the content, such as "3 columns, 12 rows". */
  readonly description: string;
  readonly title?: string;
  /** True when the document asked for another component than this one. */
  readonly degraded?: true;
}

/** `1 row`, `2 rows`: for descriptions. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
