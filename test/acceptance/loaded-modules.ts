import type { Finished, Project } from './outkit.ts';

const HOOK = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED_MODULES, url + '\\n');
    return next(url, context);
  },
});
`;

/** Runs the built command line and resolves to what it did and to the addresses of all modules that it loaded, Node's own left out. */
export async function runAndTrace(project: Project, args: readonly string[]): Promise<Finished & { loaded: string[] }> {
  project.write('hook.mjs', HOOK);
  const env = { NODE_OPTIONS: `--import ${project.path('hook.mjs')}`, LOADED_MODULES: project.path('loaded') };
  const finished = await project.run(args, { env });
  const loaded = project.read('loaded').trimEnd().split('\n');
  return { ...finished, loaded: loaded.filter((url) => !url.startsWith('node:')) };
}
