import type { Command } from 'commander';
import { isoTimeOrNull } from '../../api/bounds.ts';
import { MAX_PAGE_SIZE } from '../../api/key-requests.ts';
import type { KeyService } from '../../core/key-service.ts';
import type { ProfileSummary } from '../../core/profile-service.ts';
import { maskedStart } from '../../core/secret.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { type Fact, printFacts } from '../facts.ts';
import { keyLabel } from '../key-label.ts';
import type { Session } from '../session.ts';
import { VERSION } from '../version.ts';
import { visible } from '../visible-text.ts';

const NOTHING = '–';

/** `outkit status` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Shows which server is used and why, the who you are there, the active profile, and the key in the env file.',
    )
    .action(() => launch(status));
  addHelp(command, {
    examples: ['outkit status', 'outkit status --json'],
    output: [
      'terminal  server, version, person, profile, env file, key and number of active keys',
      'pipe      field and value separated by a tab',
      '--json    {server, version, cliVersion, credential, person, teams, profile, envFile, key, activeKeys}',
    ],
    exitCodes: ['3 no such profile'],
  });
}

async function status(context: CommandContext): Promise<undefined> {
  const { output } = context;
  const session = await context.session();
  const found = await collect(session, context);
  if (output.isJson) output.document(found);
  else if (output.isTerminal) await printForPeople(found, context);
  else for (const [field, value] of fieldsOf(found)) output.line(`${field}\t${visible(value)}`);
}

type Status = Awaited<ReturnType<typeof collect>>;

/** The shape that `--json` prints. */
async function collect(session: Session, { io }: CommandContext) {
  const { server, config, keys, profiles } = session;
  const hasProfile = config?.profile !== undefined;
  const [{ version }, { person, teams }, profile, livingKeys, { envFile, key }] = await Promise.all([
    session.health(),
    session.me.me(),
    hasProfile ? session.inProfile(undefined, (id) => profiles.find(id)) : null,
    hasProfile ? session.inProfile(undefined, (id) => countActive(keys, id)) : null,
    keyOfEnvFile(session, io.cwd),
  ]);
  return {
    server: { url: server.url, source: server.source },
    version,
    cliVersion: VERSION,
    credential: session.credential,
    person,
    teams: teams.map(({ id, name, role }) => ({ id, name, role })),
    profile: profile === null ? null : profileJson(profile),
    envFile,
    key,
    // An archived profile takes all its keys along.
    activeKeys: profile !== null && profile.archivedAt !== null ? 0 : livingKeys,
  };
}

function profileJson({ id, name, plan, archivedAt }: ProfileSummary) {
  return { id, name, plan, archivedAt: isoTimeOrNull(archivedAt) };
}

async function countActive(keys: KeyService, profileId: string): Promise<number> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const page = await keys.list({ profileId, includeEnded: false, cursor, limit: MAX_PAGE_SIZE });
    count += page.data.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return count;
}

/** The key that an app gets from the env file: that of the usual variable, else the first one that holds any. Only its hash goes to the server. */
async function keyOfEnvFile({ config, keys }: Session, workingDirectory: string) {
  const [{ readProjectEnvFile }, { KEY_VARIABLE }, { stateOf }, { wordFor }, { known }] = await Promise.all([
    import('../checkup/project-facts.ts'),
    import('../checkup/env-file-facts.ts'),
    import('../checkup/secret-state.ts'),
    import('../checkup/secret-words.ts'),
    import('../checkup/fact.ts'),
  ]);
  const file = known(await readProjectEnvFile(workingDirectory, { kind: 'known', value: { config, warnings: [] } }));
  const envFile = file?.exists === true ? file.shownPath : null;
  const variables = file?.variables ?? [];
  const variable = variables.find(({ name }) => name === KEY_VARIABLE) ?? variables[0];
  if (variable === undefined) return { envFile, key: null };
  const { name, value } = variable;
  const state = value.kind === 'secret' ? await stateOf(value.secret.hash, keys) : null;
  const key = {
    variable: name,
    start: value.kind === 'secret' ? value.secret.start : null,
    status: wordFor(value, state),
    id: state?.kind === 'known' ? state.key.id : null,
    name: state?.kind === 'known' ? state.key.name : null,
    environment: state?.kind === 'known' ? state.key.environment : null,
  };
  return { envFile, key };
}

async function printForPeople(found: Status, { output }: CommandContext): Promise<void> {
  const [{ SERVER_SOURCES }, { KEY_VARIABLE }, { personLabel, teamsLabel }] = await Promise.all([
    import('../checkup/server-checks.ts'),
    import('../checkup/env-file-facts.ts'),
    import('../login/login-label.ts'),
  ]);
  const { server, version, person, teams, envFile, activeKeys } = found;
  const facts: readonly Fact[] = [
    ['Server', `${server.url} (${SERVER_SOURCES[server.source]})`],
    ['Version', version === VERSION ? version : `${version}, and ${VERSION} here`],
    ['Person', person === null ? personLabel(found) : `${personLabel(found)}, in ${teamsLabel({ teams })}`],
    ['Profile', profileText(found)],
    ['Env file', envFile ?? 'none'],
    ['Key', keyText(found, KEY_VARIABLE)],
    ['Keys', activeKeys === null ? NOTHING : `${activeKeys} active`],
  ];
  printFacts(
    facts.map(([label, value]) => [label, visible(value)]),
    output,
  );
}

function profileText({ profile }: Status): string {
  if (profile === null) return 'none is active';
  const label = `${profile.name} (${profile.id}, ${profile.plan})`;
  return profile.archivedAt === null ? label : `${label} is archived: all its keys are refused`;
}

function keyText({ key }: Status, usualVariable: string): string {
  if (key === null) return 'none';
  const { variable, start, status, id, name, environment } = key;
  const masked = start === null ? '' : `${maskedStart(start)} `;
  if (id === null || name === null || environment === null) return `${masked}${status ?? 'empty'} (${variable})`;
  const where = variable === usualVariable ? '' : `, in ${variable}`;
  return `${masked}${status}, of ${keyLabel({ id, name, environment })}${where}`;
}

function fieldsOf({
  server,
  version,
  credential,
  person,
  profile,
  envFile,
  key,
  activeKeys,
}: Status): readonly (readonly [string, string])[] {
  return [
    ['server', server.url],
    ['serverSource', server.source],
    ['version', version],
    ['credential', credential],
    ['email', person?.email ?? NOTHING],
    ['profileId', profile?.id ?? NOTHING],
    ['profileName', profile?.name ?? NOTHING],
    ['plan', profile?.plan ?? NOTHING],
    ['archivedAt', profile?.archivedAt ?? NOTHING],
    ['envFile', envFile ?? NOTHING],
    ['keyVariable', key?.variable ?? NOTHING],
    ['key', key?.start == null ? NOTHING : maskedStart(key.start)],
    ['keyId', key?.id ?? NOTHING],
    ['keyStatus', key?.status ?? NOTHING],
    ['activeKeys', activeKeys === null ? NOTHING : String(activeKeys)],
  ];
}
