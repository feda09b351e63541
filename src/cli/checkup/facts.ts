import { dirname } from 'node:path';
import type { CommandContext } from '../command.ts';
import type { Io } from '../io.ts';
import { CONFIG_NAME, findUpward } from '../project.ts';
import { type Fact, known, mapped } from './fact.ts';
import { type ConfigFacts, gatherProject, type ProjectFacts, readConfigFacts, secretsOf } from './project-facts.ts';
import { type SecretStates, statesOf } from './secret-state.ts';
import { gatherServer, type ServerFacts } from './server-facts.ts';

/** All that the checks judge. Nothing in it is the plaintext of a key or a credential. */
export interface Facts extends Omit<ServerFacts, 'services'>, ProjectFacts {
  readonly now: number;
  readonly node: Io['node'];
  /** `NODE_TLS_REJECT_UNAUTHORIZED=0` stands in the environment. */
  readonly trustsAnybody: boolean;
  readonly config: Fact<ConfigFacts>;
  readonly states: SecretStates;
}

/** Looks for everything. Nothing that fails keeps the rest from being looked for, and everything has an end in time. */
export async function gatherFacts(context: CommandContext, onProgress: (objects: number) => void): Promise<Facts> {
  const { io } = context;
  const config = await readConfigFacts(context);
  const configPath = known(config)?.config?.path ?? findUpward(CONFIG_NAME, io);
  const directory = configPath === null ? io.cwd : dirname(configPath);
  const [{ services, ...server }, project] = await Promise.all([
    gatherServer(context, config, configPath),
    gatherProject(io, config, directory, onProgress),
  ]);
  const keys = mapped(services, (found) => found.keys);
  return {
    ...server,
    ...project,
    now: io.now(),
    node: io.node,
    trustsAnybody: io.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0',
    config,
    states: await statesOf(secretsOf(project), keys),
  };
}
