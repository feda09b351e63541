import { visible } from '../visible-text.ts';
import { FRAMEWORKS, type FrameworkId, hasWranglerConfig, type ProjectSigns } from './detect.ts';

/** Which env files the server code of a project gets its variables from, without a change to the project. */
export interface EnvReading {
  /** In the folder of `package.json`, best first. Empty: none, the program must be started with a loader. */
  readonly files: readonly string[];
  /** Who reads them, as a sentence begins: `Next.js`, `The script dev`. */
  readonly reader: string;
}

/** Scripts of `package.json` by name. */
export type Scripts = Readonly<Record<string, string>>;

/** `--env-file` of Node, Bun and tsx, `--dotenv` of Nuxt; only paths that stay below the project. */
const LOADER_FLAG = /--(?:env-file(?:-if-exists)?|dotenv)[= ](?:\.\/)?((?:[\w-][\w.-]*\/)*\.?[\w-][\w.-]*)(?=\s|$)/g;

/** Vite's `loadEnv` with an empty prefix, which each of these calls for its server code. `.env.local` outranks `.env`. */
const AS_VITE = ['.env.local', '.env'];

const ENV_NAME = /^\.env(?:\.|$)|^\.dev\.vars(?:\.|$)|\.env$/;
const CODE_ENDING = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;
const SERVED_FOLDERS: ReadonlySet<string> = new Set(['public', 'static', 'dist', 'build', '.next', 'out']);

const BUILT_IN: Readonly<Record<FrameworkId, readonly string[]>> = {
  next: ['.env.local', '.env'],
  // Its command line reads this one only; another one must be named with --dotenv.
  nuxt: ['.env'],
  sveltekit: AS_VITE,
  astro: AS_VITE,
  'react-router': AS_VITE,
  remix: AS_VITE,
  // The proxy that is printed for it loads them.
  vite: AS_VITE,
  worker: [],
  hono: [],
  fastify: [],
  express: [],
  node: [],
};

/** What a script names outranks what the framework does by itself; `dotenv` counts where nothing else is known. */
export function envReading(framework: FrameworkId, signs: ProjectSigns, scripts: Scripts): EnvReading {
  const { dependencies, files } = signs;
  const fromScripts = readByScripts(scripts);
  if (fromScripts !== null) return fromScripts;
  if (hasWranglerConfig(files) && (framework === 'worker' || framework === 'hono')) {
    return { files: readByWrangler(files), reader: 'wrangler dev' };
  }
  const title = FRAMEWORKS[framework];
  // The compiler that Remix had before Vite.
  if (framework === 'remix' && !dependencies.has('vite')) return { files: ['.env'], reader: title };
  const builtIn = BUILT_IN[framework];
  if (builtIn.length > 0) return { files: builtIn, reader: title };
  return dependencies.has('dotenv') ? { files: ['.env'], reader: 'dotenv' } : { files: [], reader: title };
}

/** `dev` before `start` before the others: the key is one for this machine. */
function readByScripts(scripts: Scripts): EnvReading | null {
  for (const name of new Set(['dev', 'start', ...Object.keys(scripts)])) {
    const files = [...(scripts[name] ?? '').matchAll(LOADER_FLAG)].map((match) => match[1] as string).filter(isEnvName);
    // Later files outrank earlier ones.
    if (files.length > 0) return { files: files.reverse(), reader: `The script ${visible(name)}` };
  }
  return null;
}

/** A flag may name any file, and a key must not land in a source file, nor where a web server hands it out. */
function isEnvName(path: string): boolean {
  const folders = path.toLowerCase().split('/');
  const name = folders.pop() ?? '';
  return ENV_NAME.test(name) && !CODE_ENDING.test(name) && !folders.some((folder) => SERVED_FOLDERS.has(folder));
}

/** A `.dev.vars` makes wrangler ignore every `.env`, so it is made only where there is none. */
function readByWrangler(files: ReadonlySet<string>): readonly string[] {
  const hasOther = files.has('.env.local') || files.has('.env');
  return hasOther && !files.has('.dev.vars') ? ['.env.local', '.env'] : ['.dev.vars'];
}
