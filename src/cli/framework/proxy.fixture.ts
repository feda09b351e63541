import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Fastify, { type FastifyPluginAsync } from 'fastify';
import type { Plugin } from 'vite';
import { onTestFinished } from 'vitest';
import type { FrameworkId } from './detect.ts';
import { proxyTemplate } from './proxy.ts';
import { proxyText } from './proxy-template.ts';

/** Two frameworks with a difference beside all of them. */
export type Template = FrameworkId | 'hono on workers' | 'express after express.json()';

export const TEMPLATES: readonly Template[] = [
  'next',
  'nuxt',
  'sveltekit',
  'astro',
  'react-router',
  'remix',
  'hono',
  'hono on workers',
  'worker',
  'fastify',
  'express',
  'express after express.json()',
  'vite',
  'node',
];

const ROOT = new URL('../../../', import.meta.url);
const NODE_MODULES = fileURLToPath(new URL('node_modules', ROOT));
export const ENV_FILE = '.env.local';

/** The text of a template, in TypeScript or JavaScript. */
export function codeOf(template: Template, apiUrl: string, typed = false): string {
  const framework = template.split(' ')[0] as FrameworkId;
  const style = { typed, apiUrl, envFile: ENV_FILE };
  return proxyText(proxyTemplate(framework, template === 'hono on workers'), 'proxy', style);
}

/** The sources of what apps import, by the name that they import: what `exports` of package.json promises, without a build. */
function appSources(): Readonly<Record<string, string>> {
  const { exports } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
    exports: Readonly<Record<string, { readonly default?: string }>>;
  };
  const entries = Object.entries(exports).flatMap(([name, { default: built }]): [string, string][] => {
    if (built === undefined) return [];
    const source = built.replace('./dist/app/', 'src/').replace(/\.js$/, '.ts');
    return [[name.replace('.', 'outkit'), fileURLToPath(new URL(source, ROOT))]];
  });
  return Object.fromEntries(entries);
}

/** The types that apps see of what they import, written into a directory: those of our sources are not the same. */
export function typesOfApps(directory: string): Readonly<Record<string, readonly string[]>> {
  const [tsc, project] = ['node_modules/.bin/tsc', 'scripts/app-types.tsconfig.json'];
  execFileSync(tsc, ['-p', project, '--outDir', join(directory, 'types')], { cwd: ROOT });
  const sources = fileURLToPath(new URL('src', ROOT));
  return Object.fromEntries(
    Object.entries(appSources()).map(([name, path]) => [
      name,
      [path.replace(sources, join(directory, 'types')).replace(/\.ts$/, '.d.ts')],
    ]),
  );
}

/** What the frameworks bring along, as far as the templates use it. */
const STUBS: Readonly<Record<string, string>> = {
  '$env/dynamic/private': 'export const env = process.env;',
  'astro:env/server': 'export const getSecret = (name) => process.env[name];',
};
const NUXT = 'const defineEventHandler = (handler) => handler; const toWebRequest = (event) => event.web;\n';

/** Directory with the packages of this checkout that goes away with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-proxy-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  symlinkSync(NODE_MODULES, join(directory, 'node_modules'));
  return directory;
}

/** Runs a template as its framework would and resolves to the address of its proxy. `check` replaces the check that lets nobody in. */
export async function runTemplate(template: Template, apiUrl: string, check = 'return true;'): Promise<string> {
  const directory = temporaryDirectory();
  let code = codeOf(template, apiUrl).replace('return false;', check);
  for (const [name, stub] of Object.entries(STUBS)) {
    const file = `${name.replaceAll(/\W/g, '-')}.mjs`;
    writeFileSync(join(directory, file), stub);
    code = code.replace(`'${name}'`, `'./${file}'`);
  }
  for (const [name, path] of Object.entries(appSources())) code = code.replace(`'${name}'`, `'${pathToFileURL(path)}'`);
  if (template === 'vite') code = inDirectory(directory, code);
  writeFileSync(join(directory, 'proxy.mjs'), template === 'nuxt' ? NUXT + code : code);
  const module = await import(/* @vite-ignore */ pathToFileURL(join(directory, 'proxy.mjs')).href);
  if (template === 'fastify') return runFastify(module.outkitProxy);
  if (template === 'vite') return runVite(directory, module.outkitProxy);
  if (template === 'express after express.json()') return listen(createServer(parsed(module.outkitProxy)));
  if (template === 'express' || template === 'node') return listen(createServer(module.outkitProxy));
  return listen(createServer(webListener(module, template)));
}

/** The env file is that of the working directory, which tests share. */
function inDirectory(directory: string, code: string): string {
  writeFileSync(join(directory, ENV_FILE), `OUTKIT_API_KEY=${process.env['OUTKIT_API_KEY']}\n`);
  return code.replace(`'${ENV_FILE}'`, JSON.stringify(join(directory, ENV_FILE)));
}

/** Leaves nothing to read in the request, as a parser of bodies does. */
function parsed(next: RequestListener): RequestListener {
  return async (request, response) => {
    Object.assign(request, { body: await json(request) });
    next(request, response);
  };
}

/** Serves on a free port until the test ends. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${addressOf(server).port}/api/outkit`;
}

async function runFastify(plugin: FastifyPluginAsync): Promise<string> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(plugin);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return `${url}/api/outkit`;
}

/** As the comment in the template says. */
async function runVite(root: string, outkitProxy: Plugin): Promise<string> {
  const { createServer: createVite } = await import('vite');
  const server = await createVite({
    root,
    configFile: false,
    logLevel: 'silent',
    server: { port: 0, host: '127.0.0.1' },
    plugins: [outkitProxy],
  });
  await server.listen();
  onTestFinished(() => server.close());
  return `http://127.0.0.1:${addressOf(server.httpServer).port}/api/outkit`;
}

function addressOf(server: Pick<Server, 'address'> | null): AddressInfo {
  const address = server?.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return address;
}

type Handle = (request: Request, response: ServerResponse) => Promise<Response>;

/** Hands a web-standard request on, as these frameworks do. */
function webListener(module: Record<string, never>, template: Template): RequestListener {
  const handle = handleOf(module as never, template);
  return async (incoming, outgoing) => {
    const answer = await handle(webRequest(incoming, outgoing), outgoing);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    await pipeline(answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body as never), outgoing).catch(
      () => {},
    );
  };
}

function handleOf(module: Record<string, (...args: unknown[]) => Promise<Response>>, template: Template): Handle {
  const { default: nuxt, POST, action, outkitProxy } = module;
  if (template === 'nuxt') return (web, res) => (nuxt as NonNullable<typeof nuxt>)({ web, node: { res } });
  if (template === 'next') return (request) => (POST as NonNullable<typeof POST>)(request, { params: {} });
  if (template.startsWith('hono'))
    return (raw) => (outkitProxy as Exclude<typeof outkitProxy, undefined>)(honoContext(raw));
  if (outkitProxy !== undefined) return (request) => outkitProxy(request, process.env);
  const handler = (POST ?? action) as NonNullable<typeof POST>;
  return (request) => handler({ request });
}

/** As much of Hono's context as a handler of requests needs. */
function honoContext(raw: Request) {
  return { req: { raw }, env: process.env };
}

function webRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  return new Request(`http://app.example${incoming.url}`, {
    method: incoming.method ?? 'POST',
    headers: incoming.headers as Record<string, string>,
    body: Readable.toWeb(incoming) as never,
    duplex: 'half',
    signal: gone.signal,
  });
}
