const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The values as bars of one line, at most `maxBars` of them: neighbours are added up where there are more values. */
export function sparkline(values: readonly number[], maxBars: number): string {
  const perBar = Math.max(1, Math.ceil(values.length / maxBars));
  const sums: number[] = [];
  values.forEach((value, index) => {
    const bar = Math.floor(index / perBar);
    sums[bar] = (sums[bar] ?? 0) + value;
  });
  const top = Math.max(1, ...sums);
  // Something is never drawn like nothing: the lowest bar is zero, and zero only.
  return sums.map((sum) => BARS[Math.ceil((sum / top) * (BARS.length - 1))] ?? '').join('');
}
