import { type AppFile, existingFile } from './app-file.ts';
import { type FrameworkId, hasWranglerConfig } from './detect.ts';
import type { PackageFacts } from './package-facts.ts';
import { NODE_TEMPLATES } from './proxy-node.ts';
import { type ProxyStyle, type ProxyTemplate, proxyText } from './proxy-template.ts';
import { WEB_TEMPLATES } from './proxy-web.ts';

/** Code for the app's own backend: it holds the key, so that the browser need not. */
export interface BackendProxy extends AppFile {
  /** The line that another file of the app needs; `null` where the framework finds the file by its name. */
  readonly mount: string | null;
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

/** The proxy for a project, in its language and for its place. */
export function backendProxy(
  framework: FrameworkId,
  facts: PackageFacts,
  where: Omit<ProxyStyle, 'typed'>,
): BackendProxy {
  const typed = isTyped(facts);
  const place = placeOf(framework, facts);
  const file = `${place}.${typed ? 'ts' : runsAsScript(framework) && !facts.isModule ? 'mjs' : 'js'}`;
  const template = proxyTemplate(framework, hasWranglerConfig(facts.files));
  return {
    file,
    code: proxyText(template, file, { typed, ...where }),
    existing: existingFile(facts.directory, place),
    mount: template.mount === null ? null : template.mount(file),
  };
}

export function proxyTemplate(framework: FrameworkId, onWorkers: boolean): ProxyTemplate {
  switch (framework) {
    case 'fastify':
    case 'express':
    case 'vite':
    case 'node':
      return NODE_TEMPLATES[framework];
    case 'hono':
      return WEB_TEMPLATES[onWorkers ? 'honoOnWorkers' : 'hono'];
    default:
      return WEB_TEMPLATES[framework];
  }
}

/** The project is written in TypeScript. */
export function isTyped({ files, dependencies }: PackageFacts): boolean {
  return files.has('tsconfig.json') || dependencies.has('typescript');
}

/** Next.js takes routes from `src/` when its pages are there. */
export function isNextInSource({ files }: PackageFacts): boolean {
  return !files.has('app') && (files.has('src/app') || files.has('src/pages'));
}

function placeOf(framework: FrameworkId, facts: PackageFacts): string {
  const place = PLACES[framework];
  return framework === 'next' && isNextInSource(facts) ? `src/${place}` : place;
}

/** Node itself loads the file, and takes it for CommonJS unless package or ending say otherwise. */
function runsAsScript(framework: FrameworkId): boolean {
  return ['fastify', 'express', 'vite', 'node', 'hono'].includes(framework);
}
