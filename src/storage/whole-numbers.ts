/** Throws unless each is a whole number or absent, as the typed columns of a database do. */
export function requireWholeNumbers(...values: readonly (number | null)[]): void {
  for (const value of values) {
    if (value !== null && !Number.isSafeInteger(value)) throw new Error(`${value} is not a whole number`);
  }
}
