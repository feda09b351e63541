import { join } from 'node:path';
import type { ProjectConfig } from './config.ts';
import type { Io } from './io.ts';
import { CONFIG_NAME } from './project.ts';

/**
 * Makes a profile the active one: writes it into the `outkit.json` in use, or a new one in the working directory, and resolves to its
 * path. Throws `invalid_config` and leaves the file as it was.
 */
export async function writeActiveProfile(profile: string, config: ProjectConfig | null, io: Io): Promise<string> {
  const path = config?.path ?? join(io.cwd, CONFIG_NAME);
  // Loaded here, since most commands write no file.
  const { changeConfig } = await import('./config-change.ts');
  await changeConfig(path, { profile }, io);
  return path;
}
