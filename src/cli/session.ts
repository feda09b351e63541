import { PROFILE_ID_PATTERN } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeyService } from '../core/key-service.ts';
import type { ProfileService } from '../core/profile-service.ts';
import { type ProjectConfig, readConfig } from './config.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import { chooseServer, type ServerAccess } from './server-choice.ts';

export interface Services {
  readonly keys: KeyService;
  readonly profiles: ProfileService;
}

export type Connect = (access: ServerAccess) => Promise<Services>;

/** What a command that speaks to a server has at hand. */
export interface Session extends Services {
  readonly config: ProjectConfig | null;
  /** The profile of `--profile`, else the active one of `outkit.json`. Throws `usage` when there is neither. */
  profileId(flag: string | undefined): Promise<string>;
}

export interface SessionFlags {
  readonly apiUrl?: string;
  readonly config?: string;
}

export async function openSession(io: Io, flags: SessionFlags, output: Output, connect: Connect): Promise<Session> {
  const config = await readConfig(io, flags.config, output);
  const services = await connect(await chooseServer(io, flags.apiUrl, config, output));
  return {
    ...services,
    config,
    async profileId(flag) {
      if (flag !== undefined && !PROFILE_ID_PATTERN.test(flag)) {
        const code = flag.startsWith('prof_') ? 'not_found' : 'usage';
        throw new OutkitError(code, '--profile names no profile', await profileHint(services.profiles));
      }
      const id = flag ?? config?.profile;
      if (id !== undefined) return id;
      throw new OutkitError('usage', 'No active profile: outkit.json names none', await profileHint(services.profiles));
    },
  };
}

/** Speaks to the server over its control API. */
export const connectOverHttp: Connect = async (access) => {
  const [{ controlApi }, { httpKeyService }, { httpProfileService }] = await Promise.all([
    import('../client/control-api.ts'),
    import('../client/http-key-service.ts'),
    import('../client/http-profile-service.ts'),
  ]);
  const call = controlApi(access);
  return { keys: httpKeyService(call), profiles: httpProfileService(call) };
};

/** Names the profiles there are, a few of them, so that the next command can be typed at once. */
async function profileHint(profiles: ProfileService): Promise<string> {
  const found = await profiles.list();
  const shown = found.slice(0, 5).map((profile) => `--profile ${profile.id} (${profile.name})`);
  return shown.length === 0 ? '--profile <profileId>' : shown.join(' or ');
}
