/** CI runs some tests in their long form: with more of the same points and instants, for the same promises. */
export const IS_LONG = process.env['OUTKIT_LONG_TESTS'] === '1';

/** So many of them, from all parts of the list; all, where there are no more. */
export function sampled<Item>(all: readonly Item[], size: number): readonly Item[] {
  if (all.length <= size) return all;
  return Array.from({ length: size }, (_, index) => all[Math.floor((index + 0.5) * (all.length / size))] as Item);
}
