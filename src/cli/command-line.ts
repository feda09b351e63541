/** Arguments as they can be pasted into a POSIX shell. */
export function commandLine(argv: readonly string[]): string {
  const quoted = argv.map((argument) =>
    /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`,
  );
  return ['outkit', ...quoted].join(' ');
}

/** The command line once more, with one argument replaced. */
export function withArgument(argv: readonly string[], old: string, replacement: string): string {
  return commandLine(argv.map((argument) => (argument === old ? replacement : argument)));
}
