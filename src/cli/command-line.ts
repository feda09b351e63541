/** A text as one word of a POSIX shell, for a path or an argument in a command that is to be pasted. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Arguments as they can be pasted into a POSIX shell. */
export function commandLine(argv: readonly string[]): string {
  return ['outkit', ...argv.map(shellWord)].join(' ');
}

/** The command line once more, with another value for a flag that it has. */
export function withFlagValue(argv: readonly string[], flag: string, value: string): string {
  return commandLine(
    argv.map((argument, index) => {
      if (argv[index - 1] === flag) return value;
      return argument.startsWith(`${flag}=`) ? `${flag}=${value}` : argument;
    }),
  );
}

/** The command line once more, with others in the place of one argument, also where it is the value in `--flag=value`. */
export function withArgument(argv: readonly string[], old: string, ...replacement: readonly string[]): string {
  return commandLine(
    argv.flatMap((argument) => {
      if (argument === old) return replacement;
      const flag = /^--[^=]+=/.exec(argument)?.[0] ?? '';
      return flag !== '' && argument.slice(flag.length) === old ? [flag + replacement.join(' ')] : [argument];
    }),
  );
}

const GLOBAL_SWITCHES = ['--json', '--no-input', '--color', '--no-color'];
const GLOBAL_VALUES = ['--api-url', '--config'];

/** The flags of a command line that every command takes, with their values, and what is left without them. */
export function splitGlobalFlags(argv: readonly string[]): { globals: readonly string[]; rest: readonly string[] } {
  const isGlobal = argv.map((argument, index) => {
    const isValue = GLOBAL_VALUES.includes(argv[index - 1] ?? '');
    const isJoined = GLOBAL_VALUES.some((flag) => argument.startsWith(`${flag}=`));
    return isValue || isJoined || GLOBAL_SWITCHES.includes(argument) || GLOBAL_VALUES.includes(argument);
  });
  return { globals: argv.filter((_, index) => isGlobal[index]), rest: argv.filter((_, index) => !isGlobal[index]) };
}
