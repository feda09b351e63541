import { padded } from './columns.ts';
import type { Output } from './output.ts';

export type Fact = readonly [label: string, value: string];

/** Labels and values for people, below each other. */
export function printFacts(facts: readonly Fact[], output: Output): void {
  const width = Math.max(...facts.map(([label]) => label.length));
  for (const [label, value] of facts) output.line(`  ${output.colours.dim(padded(label, width))}  ${value}`);
}
