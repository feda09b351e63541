import type { Command } from 'commander';
import { OutkitError } from '../core/errors.ts';
import type { Io } from './io.ts';

const EXIT_CODES = `Exit codes

    0  ok; also an empty list, Ctrl-C in logs tail, and revoking once more
    1  failure
    2  usage, or a question would be asked and there is no terminal
    3  not found
    4  not logged in, or not allowed
    5  conflict, such as a second rotation inside a grace window
    6  rate limited
    7  the server is unreachable or did not answer in time
  130  cancelled by the person
  143  ended by SIGTERM
`;

const ENVIRONMENT = `Environment variables

  OUTKIT_API_URL   server to speak to, when --api-url is not given
  OUTKIT_TOKEN     token for the control API, instead of that of outkit login.
                   Goes to a server named by flag or variable, to one that is
                   logged in to, and to this machine, never to one that only
                   outkit.json names
  OUTKIT_NO_KEYCHAIN
                   1: keep and look for credentials in a file only, and ask no
                   keychain of the operating system
  OUTKIT_CONFIG    the outkit.json to use, when --config is not given
  OUTKIT_DATA_DIR  data directory of outkit dev; else .outkit beside outkit.json
  XDG_CONFIG_HOME  where outkit/credentials.json is; else ~/.config
  OUTKIT_SERVER_CONFIG
                   settings of outkit serve, when --config is not given; each
                   of them has a variable of its own: docs/operations.md
  OUTKIT_DEBUG     1 adds stack traces to errors, without keys and tokens
  NO_COLOR         not empty: no colour
  FORCE_COLOR      0: no colour; anything else: colour even without a terminal
  CI               set: no questions are asked

The key of your app is OUTKIT_API_KEY. outkit never uses it, nor any .env file.
Only outkit status and outkit doctor look at them, and send no more than hashes.
`;

const TOPICS: Readonly<Record<string, string>> = { 'exit-codes': EXIT_CODES, environment: ENVIRONMENT };

/** `outkit help`, `outkit help <topic>` and `outkit help <command>`. */
export function addHelpCommand(program: Command, io: Io): void {
  program
    .command('help [topic...]')
    .summary('help on a command, or on exit-codes or environment')
    .description('Shows help on a command, or on a topic: exit-codes, environment.')
    .action(async (words: string[]) => {
      const topic = TOPICS[words.join(' ')];
      if (topic !== undefined) {
        io.stdout.write(topic);
        return;
      }
      let command: Command | undefined = program;
      for (const word of words) command = command?.commands.find((candidate) => candidate.name() === word);
      if (command === undefined) throw new OutkitError('usage', 'There is no help on that', 'outkit --help');
      await program.parseAsync([...words, '--help'], { from: 'user' });
    });
}
