export interface Surroundings {
  readonly stdinIsTTY: boolean;
  readonly stderrIsTTY: boolean;
  /** The variable `CI`. */
  readonly ci: string | undefined;
  readonly json: boolean;
  readonly noInput: boolean;
}

/** May a question be asked? Only when somebody can read it (stderr), answer it (stdin), and nothing says that this is a script. */
export function isInteractive({ stdinIsTTY, stderrIsTTY, ci, json, noInput }: Surroundings): boolean {
  const isCi = ci !== undefined && ci !== '' && ci !== '0' && ci !== 'false';
  return stdinIsTTY && stderrIsTTY && !isCi && !json && !noInput;
}
