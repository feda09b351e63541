import type { ServerHealth } from '../api/health.ts';
import type { DeviceLogin } from '../client/device-login.ts';
import { isLoopbackUrl } from '../client/server-url.ts';
import type { AuditService } from '../core/audit-service.ts';
import { PROFILE_ID_PATTERN } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { EventService } from '../core/event-service.ts';
import type { GatewayService } from '../core/gateway-service.ts';
import type { KeyService } from '../core/key-service.ts';
import type { MeService, PeopleService, TeamService } from '../core/people-service.ts';
import type { ProfileService, ProfileSummary } from '../core/profile-service.ts';
import { commandLine, splitGlobalFlags, withArgument } from './command-line.ts';
import { type ProjectConfig, readConfig } from './config.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import { profilesOfTeams } from './profiles-of-teams.ts';
import { type CredentialSource, chooseServer, type Server, type ServerAccess } from './server-choice.ts';
import { VERSION } from './version.ts';

export interface Services {
  readonly keys: KeyService;
  readonly profiles: ProfileService;
  readonly audit: AuditService;
  readonly events: EventService;
  readonly people: PeopleService;
  readonly teams: TeamService;
  readonly me: MeService;
  readonly gateways: GatewayService;
  /** Needs no credential: it is how one is had. */
  readonly device: DeviceLogin;
  /** Needs no credential. Throws like the others when the server cannot be asked. */
  health(): Promise<ServerHealth>;
}

/** A server, with or without a credential for it. */
export type Connection = Server & { readonly token: string | null };

export type Connect = (connection: Connection) => Promise<Services>;

/** What a command that speaks to a server has at hand. */
export interface Session extends Services {
  readonly server: Server;
  readonly credential: CredentialSource;
  readonly config: ProjectConfig | null;
  /** The profile of `--profile`, else the active one of `outkit.json`. Throws `usage` when there is neither. */
  profileId(flag: string | undefined): Promise<string>;
  /** Does what fails with `not_found` when the server does not know that profile, and then says which ones it knows. */
  inProfile<Result>(flag: string | undefined, work: (profileId: string) => Promise<Result>): Promise<Result>;
  /** An error of the server as it is to be told: a refused token with where it came from. */
  explained(error: unknown): unknown;
}

export interface SessionFlags {
  readonly apiUrl?: string;
  readonly config?: string;
  /** For hints. */
  readonly argv: readonly string[];
}

export async function openSession(io: Io, flags: SessionFlags, output: Output, connect: Connect): Promise<Session> {
  const config = await readConfig(io, flags.config, output);
  const access = await chooseServer(io, flags.apiUrl, config, output);
  const services = await connect(access);
  // What outkit.json says holds for another server then, and stays as it is.
  const isForeign = access.source === 'flag' && !isOrigin(config?.apiUrl, access.url);
  const session: Session = {
    ...services,
    server: { url: access.url, source: access.source },
    credential: access.credential,
    config,
    async profileId(flag) {
      const id = flag ?? config?.profile;
      if (id !== undefined && PROFILE_ID_PATTERN.test(id)) return id;
      const { list, first } = inWords(await profilesOfTeams(services, { includeArchived: false }));
      if (flag === undefined) {
        const what = `No active profile: outkit.json names none. There are ${list}`;
        throw new OutkitError('usage', what, first === null ? newProfile(flags.argv) : withProfile(flags.argv, first));
      }
      const code = flag.startsWith('prof_') ? 'not_found' : 'usage';
      const hint = first === null ? newProfile(flags.argv) : withArgument(flags.argv, flag, first);
      throw new OutkitError(code, `--profile names no profile. There are ${list}`, hint);
    },
    async inProfile(flag, work) {
      const id = await session.profileId(flag);
      try {
        return await work(id);
      } catch (error) {
        if (!(error instanceof OutkitError) || error.code !== 'not_found') throw error;
        const hintFor = (first: string | null) => {
          if (first === null) return newProfile(flags.argv);
          if (flag !== undefined) return withArgument(flags.argv, id, first);
          return isForeign ? withProfile(flags.argv, first) : useProfile(flags.argv, first);
        };
        throw (await unknownProfile(id, flag !== undefined, services, hintFor)) ?? error;
      }
    },
    explained: (error) => explained(error, access),
  };
  return session;
}

/** Speaks to the server over its control API. */
export const connectOverHttp: Connect = async (connection) => {
  const [
    { controlApi },
    { httpKeyService },
    { httpProfileService },
    { httpAuditService },
    { httpEventService },
    { httpMeService, httpPeopleService, httpTeamService },
    { httpGatewayService },
    { deviceLogin },
    { healthAnswer },
  ] = await Promise.all([
    import('../client/control-api.ts'),
    import('../client/http-key-service.ts'),
    import('../client/http-profile-service.ts'),
    import('../client/http-audit-service.ts'),
    import('../client/http-event-service.ts'),
    import('../client/http-people-service.ts'),
    import('../client/http-gateway-service.ts'),
    import('../client/device-login.ts'),
    import('../api/health.ts'),
  ]);
  const options = { ...connection, userAgent: `outkit/${VERSION}` };
  const call = controlApi(options);
  return {
    keys: httpKeyService(call),
    profiles: httpProfileService(call),
    audit: httpAuditService(call),
    events: httpEventService(call, options),
    people: httpPeopleService(call),
    teams: httpTeamService(call),
    me: httpMeService(call),
    gateways: httpGatewayService(call),
    device: deviceLogin(options),
    health: () => call('/healthz', healthAnswer),
  };
};

/** `null` when it is there, or when the server does not tell. */
async function unknownProfile(
  id: string,
  isFromFlag: boolean,
  services: Services,
  hintFor: (first: string | null) => string,
): Promise<OutkitError | null> {
  const found = await profilesOfTeams(services, { includeArchived: false }).catch(() => null);
  if (found === null || found.some((profile) => profile.id === id)) return null;
  const { list, first } = inWords(found);
  const which = isFromFlag ? '' : ', which outkit.json names';
  return new OutkitError('not_found', `There is no profile ${id} here${which}. There are ${list}`, hintFor(first));
}

/** The command once more, for that profile; for a command that takes none, the way to see which there are. */
function withProfile(argv: readonly string[], profileId: string): string {
  const { globals, rest } = splitGlobalFlags(argv);
  const [noun, verb] = rest;
  if (noun === 'profiles' && verb === 'show') return commandLine([...argv, profileId]);
  if (noun === 'keys' || noun === 'logs') return commandLine([...argv, '--profile', profileId]);
  return commandLine(['profiles', 'list', ...globals]);
}

function newProfile(argv: readonly string[]): string {
  return commandLine(['profiles', 'create', '-n', 'Web', '--use', ...splitGlobalFlags(argv).globals]);
}

function useProfile(argv: readonly string[], profileId: string): string {
  return commandLine(['profiles', 'use', profileId, ...splitGlobalFlags(argv).globals]);
}

function isOrigin(url: string | undefined, origin: string): boolean {
  return url !== undefined && new URL(url).origin === origin;
}

/** A refused credential with where it came from: nobody looks for a variable that was set long ago, for another server. */
export function explained(error: unknown, access: ServerAccess): unknown {
  if (!(error instanceof OutkitError)) return error;
  const { credential, overridesLocalCredential, url } = access;
  const isLogin = credential === 'keychain' || credential === 'file';
  // There are logins only where outkit serve runs.
  if (error.code === 'unreachable' && isLogin && isLoopbackUrl(url)) {
    return new OutkitError('unreachable', error.message, 'start it again: outkit serve', { cause: error });
  }
  if (error.code !== 'unauthenticated') return error;
  if (isLogin) {
    const what = `The login to ${url} has ended: the server does not take its credential any more`;
    return new OutkitError('unauthenticated', what, commandLine(['login', '--api-url', url]), { cause: error });
  }
  if (!overridesLocalCredential) return error;
  return new OutkitError(
    'unauthenticated',
    `The outkit dev of this project, at ${url}, refuses the token of OUTKIT_TOKEN, which goes before its own credential`,
    'unset OUTKIT_TOKEN',
    { cause: error },
  );
}

/** A few of the profiles there are, so that the next command can be typed at once; `first` is `null` without any. */
function inWords(profiles: readonly ProfileSummary[]): { list: string; first: string | null } {
  const found = profiles.slice(0, 5);
  const list = found.map(({ id, name }) => `${id} (${name})`).join(', ');
  return { list: list === '' ? 'none yet' : list, first: found[0]?.id ?? null };
}
