import type { ServerHealth } from '../../api/health.ts';
import type { Me } from '../../core/people-service.ts';
import type { ProfileSummary } from '../../core/profile-service.ts';
import type { CommandContext } from '../command.ts';
import { type KeptLogin, listLogins } from '../credentials/credential-store.ts';
import { readLocalCredential } from '../dev-server-record.ts';
import type { Io } from '../io.ts';
import { profilesOfTeams } from '../profiles-of-teams.ts';
import { CONFIG_NAME, dataDirectoryOf } from '../project.ts';
import { accessTo, type CredentialSource, type FoundServer, findServer, type ServerAccess } from '../server-choice.ts';
import { explained, type Services } from '../session.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { type Fact, known, look, lookAfter, mapped, notLooked } from './fact.ts';
import type { ConfigFacts } from './project-facts.ts';

/** An answer of the server, and when it was asked for and there by the clock of this machine. */
export interface TimedHealth {
  readonly health: ServerHealth;
  readonly sentAt: number;
  readonly receivedAt: number;
}

export interface ServerFacts {
  readonly server: Fact<FoundServer>;
  readonly health: Fact<TimedHealth>;
  /** `null` where no certificate is needed. */
  readonly certificate: Fact<Certificate | null>;
  /** All that are kept, also those that are not used. */
  readonly logins: Fact<readonly KeptLogin[]>;
  readonly credential: Fact<CredentialSource>;
  /** Known only when the server tells. */
  readonly me: Fact<Me>;
  /** All there are, archived ones too; known only when the server takes the credential. */
  readonly profiles: Fact<readonly ProfileSummary[]>;
  readonly services: Fact<Services>;
}

const NO_SERVER = 'needs a server';
const NO_ACCESS = 'needs a server that takes the credential';

/** Finds the server of the project and asks it. `configPath` is known also when the file there cannot be read. */
export async function gatherServer(
  { io, apiUrl, connect }: Pick<CommandContext, 'io' | 'apiUrl' | 'connect'>,
  config: Fact<ConfigFacts>,
  configPath: string | null,
): Promise<ServerFacts> {
  const isNamed = apiUrl !== undefined || isSet(io, 'OUTKIT_API_URL');
  const server =
    config.kind === 'failed' && !isNamed
      ? notLooked<FoundServer>(`needs ${CONFIG_NAME}, which may name it`)
      : await look(() => findServer(io, apiUrl, known(config)?.config ?? null));
  const [health, certificate, access] = await Promise.all([
    lookAfter(server, NO_SERVER, (found) => timedHealth(found, connect, io)),
    lookAfter(server, NO_SERVER, async ({ url }) => (url.startsWith('https:') ? readCertificate(url) : null)),
    lookAfter(server, NO_SERVER, (found) => accessTo(found, io)),
  ]);
  const reached = health.kind === 'known' ? access : notLooked<ServerAccess>('the server does not answer');
  const granted = await lookAfter(reached, NO_ACCESS, (known) => tryCredential(known, connect));
  return {
    server,
    health,
    certificate,
    logins: await look(() => listLogins(io)),
    credential:
      server.kind === 'known' ? mapped(access, ({ credential }) => credential) : await localCredential(io, configPath),
    me: await lookAfter(granted, NO_ACCESS, ({ services }) => services.me.me()),
    profiles: mapped(granted, ({ profiles }) => profiles),
    services: mapped(granted, ({ services }) => services),
  };
}

/** Rejects when the server does not take it. */
async function tryCredential(access: ServerAccess, connect: CommandContext['connect']) {
  const services = await connect(access);
  try {
    return { services, profiles: await profilesOfTeams(services, { includeArchived: true }) };
  } catch (error) {
    throw explained(error, access);
  }
}

async function timedHealth(
  server: FoundServer,
  connect: CommandContext['connect'],
  io: Pick<Io, 'now'>,
): Promise<TimedHealth> {
  const services = await connect({ url: server.url, source: server.source, token: null });
  const sentAt = io.now();
  const health = await services.health();
  return { health, sentAt, receivedAt: io.now() };
}

/** Without a server there is nowhere to send a credential, but one that others can read is a problem all the same. */
async function localCredential(io: Io, configPath: string | null): Promise<Fact<CredentialSource>> {
  const directory = dataDirectoryOf(io, configPath);
  const local = await look(async () => (directory === null ? null : readLocalCredential(directory, io.userId)));
  return local.kind === 'failed' ? local : notLooked(NO_SERVER);
}

function isSet({ env }: Pick<Io, 'env'>, name: string): boolean {
  return (env[name] ?? '') !== '';
}
