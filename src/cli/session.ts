import type { ServerHealth } from '../api/health.ts';
import { PROFILE_ID_PATTERN } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeyService } from '../core/key-service.ts';
import type { ProfileService } from '../core/profile-service.ts';
import { commandLine, withArgument } from './command-line.ts';
import { type ProjectConfig, readConfig } from './config.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import { chooseServer, type Server } from './server-choice.ts';

export interface Services {
  readonly keys: KeyService;
  readonly profiles: ProfileService;
  /** Needs no credential. Throws like the others when the server cannot be asked. */
  health(): Promise<ServerHealth>;
}

/** A server, with or without a credential for it. */
export type Connection = Server & { readonly token: string | null };

export type Connect = (connection: Connection) => Promise<Services>;

/** What a command that speaks to a server has at hand. */
export interface Session extends Services {
  readonly config: ProjectConfig | null;
  /** The profile of `--profile`, else the active one of `outkit.json`. Throws `usage` when there is neither. */
  profileId(flag: string | undefined): Promise<string>;
}

export interface SessionFlags {
  readonly apiUrl?: string;
  readonly config?: string;
  /** For hints. */
  readonly argv: readonly string[];
}

export async function openSession(io: Io, flags: SessionFlags, output: Output, connect: Connect): Promise<Session> {
  const config = await readConfig(io, flags.config, output);
  const services = await connect(await chooseServer(io, flags.apiUrl, config, output));
  return {
    ...services,
    config,
    async profileId(flag) {
      const id = flag ?? config?.profile;
      if (id !== undefined && PROFILE_ID_PATTERN.test(id)) return id;
      const { list, first } = await profilesInWords(services.profiles);
      if (flag === undefined) {
        const hint = commandLine([...flags.argv, '--profile', first]);
        throw new OutkitError('usage', `No active profile: outkit.json names none. There are ${list}`, hint);
      }
      const code = flag.startsWith('prof_') ? 'not_found' : 'usage';
      throw new OutkitError(
        code,
        `--profile names no profile. There are ${list}`,
        withArgument(flags.argv, flag, first),
      );
    },
  };
}

/** Speaks to the server over its control API. */
export const connectOverHttp: Connect = async (connection) => {
  const [{ controlApi }, { httpKeyService }, { httpProfileService }, { healthAnswer }] = await Promise.all([
    import('../client/control-api.ts'),
    import('../client/http-key-service.ts'),
    import('../client/http-profile-service.ts'),
    import('../api/health.ts'),
  ]);
  const call = controlApi(connection);
  return {
    keys: httpKeyService(call),
    profiles: httpProfileService(call),
    health: () => call('/healthz', healthAnswer),
  };
};

/** A few of the profiles there are, so that the next command can be typed at once. */
async function profilesInWords(profiles: ProfileService): Promise<{ list: string; first: string }> {
  const found = (await profiles.list()).slice(0, 5);
  const list = found.map(({ id, name }) => `${id} (${name})`).join(', ');
  return { list: list === '' ? 'none yet' : list, first: found[0]?.id ?? '<profileId>' };
}
