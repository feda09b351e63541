import type { Command } from 'commander';
import { isoTime } from '../../api/bounds.ts';
import { OutkitError } from '../../core/errors.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { type Fact, printFacts } from '../facts.ts';
import { credentialLabel, meDocument, personLabel, teamsLabel } from '../login/login-label.ts';
import { localTime } from '../relative-time.ts';
import { visible } from '../visible-text.ts';

const NOTHING = '–';

/** `outkit whoami` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Shows who you are to the server that is used, your teams and roles, and where the credential is.')
    .action(() => launch(whoami));
  addHelp(command, {
    examples: ['outkit whoami', 'outkit whoami --json'],
    output: [
      'terminal  person, teams with roles, server and why this one, credential, end of the session',
      'pipe      field and value separated by a tab',
      '--json    {server, credential, person, teams: [{id, name, role}], session: {id, expiresAt}}',
    ],
    exitCodes: [],
  });
}

/** Whoever knows of no server that could be asked is logged in to none. */
function loggedOut(error: unknown): never {
  if (!(error instanceof OutkitError) || error.code !== 'unreachable') throw error;
  throw new OutkitError('not_logged_in', error.message, error.hint);
}

async function whoami({ io, output, session }: CommandContext): Promise<undefined> {
  const { server, credential, me } = await session().catch(loggedOut);
  const who = await me.me();
  if (output.isJson) {
    output.document({ server, credential, ...meDocument(who) });
    return;
  }
  if (!output.isTerminal) {
    const fields: readonly Fact[] = [
      ['server', server.url],
      ['serverSource', server.source],
      ['credential', credential],
      ['personId', who.person?.id ?? NOTHING],
      ['email', who.person?.email ?? NOTHING],
      ['name', who.person?.name ?? NOTHING],
      ...who.teams.map(({ id, name, role }): Fact => ['team', [id, visible(name), role].join('\t')]),
      ['expiresAt', who.session === null ? NOTHING : isoTime(who.session.expiresAt)],
    ];
    for (const [field, value] of fields) output.line(`${field}\t${value.split('\t').map(visible).join('\t')}`);
    return;
  }
  const { SERVER_SOURCES } = await import('../checkup/server-checks.ts');
  const name = who.person === null ? '' : ` (${who.person.name})`;
  const facts: readonly Fact[] = [
    ['Person', `${personLabel(who)}${name}`],
    ['Teams', teamsLabel(who)],
    ['Server', `${server.url} (${SERVER_SOURCES[server.source]})`],
    ['Credential', credentialLabel(credential, io)],
    ['Ends', who.session === null ? NOTHING : localTime(who.session.expiresAt)],
  ];
  printFacts(
    facts.map(([label, value]) => [label, visible(value)]),
    output,
  );
}
