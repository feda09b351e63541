const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes for people: `532 B`, `4.1 kB`, `12 MB`. */
export function byteSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
