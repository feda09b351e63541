import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FrameworkId, hasWranglerConfig } from './detect.ts';
import type { PackageFacts } from './package-facts.ts';
import { fastifyProxy } from './proxy-fastify.ts';
import { nodeProxy } from './proxy-node.ts';
import { WEB_HANDLERS, webProxy } from './proxy-web.ts';

/** Code for the app's own backend: it holds the key, so that the browser need not. */
export interface BackendProxy {
  /** Where it belongs, from the folder of `package.json`. */
  readonly file: string;
  readonly code: string;
  /** The file that is there already, whatever its ending; `null` when there is none. */
  readonly existing: string | null;
}

export interface ProxyStyle {
  /** With type annotations. */
  readonly typed: boolean;
  /** Origin of the renderer where `OUTKIT_RENDERER_URL` is not set. */
  readonly rendererUrl: string;
}

/** Files without their endings. Those of frameworks that route by file make `/api/outkit`. */
const PLACES: Readonly<Record<FrameworkId, string>> = {
  next: 'app/api/outkit/route',
  nuxt: 'server/api/outkit.post',
  sveltekit: 'src/routes/api/outkit/+server',
  astro: 'src/pages/api/outkit',
  'react-router': 'app/routes/api.outkit',
  remix: 'app/routes/api.outkit',
  hono: 'src/outkit-proxy',
  worker: 'src/outkit-proxy',
  fastify: 'outkit-proxy',
  express: 'outkit-proxy',
  vite: 'outkit-proxy',
  node: 'outkit-proxy',
};

const ENDINGS = ['ts', 'js', 'mjs', 'tsx', 'jsx'];

/** The proxy for a project, in its language and for its place. */
export function backendProxy(framework: FrameworkId, facts: PackageFacts, rendererUrl: string): BackendProxy {
  const typed = facts.files.has('tsconfig.json') || facts.dependencies.has('typescript');
  const place = placeOf(framework, facts);
  const file = `${place}.${typed ? 'ts' : runsAsScript(framework) && !facts.isModule ? 'mjs' : 'js'}`;
  return {
    file,
    code: proxyCode(framework, file, { typed, rendererUrl }, hasWranglerConfig(facts.files)),
    existing:
      ENDINGS.map((ending) => `${place}.${ending}`).find((name) => existsSync(join(facts.directory, name))) ?? null,
  };
}

/** The text of the template. */
export function proxyCode(framework: FrameworkId, file: string, style: ProxyStyle, onWorkers: boolean): string {
  switch (framework) {
    case 'fastify':
      return fastifyProxy(file, style);
    case 'express':
    case 'vite':
    case 'node':
      return nodeProxy(framework, file, style);
    case 'hono':
      return webProxy(WEB_HANDLERS[onWorkers ? 'honoOnWorkers' : 'hono'], file, style);
    default:
      return webProxy(WEB_HANDLERS[framework], file, style);
  }
}

function placeOf(framework: FrameworkId, { files }: PackageFacts): string {
  const place = PLACES[framework];
  // Next.js takes routes from `src/` when its pages are there.
  const inSource = framework === 'next' && !files.has('app') && (files.has('src/app') || files.has('src/pages'));
  return inSource ? `src/${place}` : place;
}

/** Node itself loads the file, and takes it for CommonJS unless package or ending say otherwise. */
function runsAsScript(framework: FrameworkId): boolean {
  return ['fastify', 'express', 'vite', 'node', 'hono'].includes(framework);
}
