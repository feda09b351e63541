import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OUTKIT } from './outkit.ts';

const BUILD = dirname(dirname(OUTKIT));
const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** What is installed of the frameworks, and the packages that their types are in. */
const PACKAGES = ['@types', 'express', 'fastify', 'hono', 'vite'];

const built = (name: string) => readFileSync(join(BUILD, 'dist/app/proxy', `${name}.js`), 'utf8');
const importsOf = (code: string) => [...code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, path]) => path);

/** A project that has outkit and the frameworks installed. */
function appProject(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-app-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const all = { 'package.json': '{"type":"module"}', ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(directory, name), text);
  execFileSync('mkdir', ['node_modules'], { cwd: directory });
  for (const name of PACKAGES) symlinkSync(join(NODE_MODULES, name), join(directory, 'node_modules', name));
  symlinkSync(BUILD, join(directory, 'node_modules/outkit'));
  return directory;
}

describe('the proxy as it is published', () => {
  it.each(['proxy', 'hono', 'next'])('%s.js imports nothing, and runs wherever there is fetch', (name) => {
    expect(importsOf(built(name))).toEqual([]);
    expect(built(name)).not.toMatch(/\brequire\b|node:/);
  });

  it.each(['node', 'fastify'])('%s.js imports nothing but Node and its own parts', (name) => {
    const imports = importsOf(built(name));
    const foreign = imports.filter((path = '') => !/^(?:node:|\.\.\/chunk-)/.test(path));
    expect(foreign).toEqual([]);
  });

  it('is small: all of it under 10 KB as gzip sends it', () => {
    const names = ['proxy', 'node', 'fastify', 'hono', 'next'];
    const sizes = names.map((name) => gzipSync(built(name)).byteLength);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(10 * 1024);
  });

  it('runs in a project that has installed it', () => {
    const script = `
      import { createOutkitProxy } from 'outkit/proxy';
      import { toNodeHandler, keyFromEnvFile } from 'outkit/proxy/node';
      import { outkitFastify } from 'outkit/proxy/fastify';
      import { toHonoHandler } from 'outkit/proxy/hono';
      import { toNextRoute } from 'outkit/proxy/next';
      const proxy = createOutkitProxy({ authorize: () => false, key: keyFromEnvFile() });
      const headers = { 'content-type': 'application/json' };
      const request = new Request('http://app.example/', { method: 'POST', headers, body: '{}' });
      console.log((await toNextRoute(proxy).POST(request)).status, [toNodeHandler, outkitFastify, toHonoHandler].map((part) => typeof part).join());
    `;
    const directory = appProject({ 'app.js': script });
    const output = execFileSync(process.execPath, ['app.js'], { cwd: directory, encoding: 'utf8' });
    expect(output).toBe('401 function,function,function\n');
  });

  it.each([
    ['of Node', ['es2024'], 'nodenext'],
    ['of browsers too', ['es2024', 'dom', 'dom.iterable'], 'preserve'],
  ])('has types that fit those of Express, Fastify, Hono, Next.js and Vite, with the types %s', (_, lib, module) => {
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: 'es2024',
      types: ['node'],
    };
    const tsconfig = JSON.stringify({ compilerOptions: { ...compilerOptions, lib, module }, files: ['app.ts'] });
    const directory = appProject({ 'app.ts': TYPED_APP, 'tsconfig.json': tsconfig });
    // The types of other packages have errors of their own.
    const ours = problemsIn(directory).filter((line) => /^(?:\S*\/)?(?:app\.ts|dist\/app\/.*)\(/.test(line));
    expect(ours).toEqual([]);
  });

  it('has types that refuse a proxy without authorize, and one that takes the request of another framework', () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2024',
      lib: ['es2024'],
      module: 'nodenext',
      types: ['node'],
    };
    const wrong = `
      import type { FastifyRequest } from 'fastify';
      import { createOutkitProxy } from 'outkit/proxy';
      import { toNodeHandler } from 'outkit/proxy/node';
      createOutkitProxy({});
      createOutkitProxy({ authorize: () => 'yes' });
      toNodeHandler(createOutkitProxy<FastifyRequest>({ authorize: (_request, { ip }) => ip === '' }));
    `;
    const tsconfig = JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ['app.ts'] });
    const problems = problemsIn(appProject({ 'app.ts': wrong, 'tsconfig.json': tsconfig }));
    const lines = problems.flatMap((line) => /^app\.ts\((\d+),/.exec(line)?.[1] ?? []);
    expect(lines).toEqual(['5', '6', '7']);
  });
});

/** What the compiler says, a line each. */
function problemsIn(directory: string): string[] {
  try {
    execFileSync(join(NODE_MODULES, '.bin/tsc'), ['-p', '.'], { cwd: directory, encoding: 'utf8' });
    return [];
  } catch (error) {
    return (error as { stdout: string }).stdout.split('\n').filter((line) => line !== '');
  }
}

const TYPED_APP = `
import { createServer } from 'node:http';
import express from 'express';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Context, Hono } from 'hono';
import { createOutkitProxy } from 'outkit/proxy';
import { outkitFastify } from 'outkit/proxy/fastify';
import { toHonoHandler } from 'outkit/proxy/hono';
import { toNextRoute } from 'outkit/proxy/next';
import { keyFromEnvFile, toNodeHandler } from 'outkit/proxy/node';
import type { Plugin } from 'vite';

const plain = createOutkitProxy({ authorize: () => true, key: keyFromEnvFile(), log: console });
createServer(toNodeHandler(plain));

const ofExpress = createOutkitProxy<express.Request>({ authorize: (_request, { ip }) => ip !== undefined });
express().post('/api/outkit', toNodeHandler(ofExpress)).use(toNodeHandler(plain));

const ofFastify = createOutkitProxy<FastifyRequest>({ authorize: async (_request, { ip }) => ip !== '' });
await Fastify().register(outkitFastify, { proxy: ofFastify, path: '/render' });
await Fastify({ logger: true }).register(outkitFastify, { proxy: plain });
await Fastify({ http2: true }).register(outkitFastify, { proxy: plain });
await Fastify().register(async (app: FastifyInstance) => void app.register(outkitFastify, { proxy: ofFastify }));

type Env = { Variables: { user?: string }; Bindings: { OUTKIT_API_KEY: string } };
const ofHono = createOutkitProxy<Context<Env>>({ authorize: (_request, c) => c.get('user') !== undefined });
new Hono<Env>().post('/a', toHonoHandler(ofHono)).post('/b', toHonoHandler(plain));
new Hono().post('/c', toHonoHandler(createOutkitProxy<Context>({ authorize: (_request, c) => c.get('user') })));

class NextRequest extends Request {
  readonly cookies = new Map<string, string>();
}
const { POST } = toNextRoute(createOutkitProxy({ authorize: async () => new Response(null, { status: 403 }) }));
export const route: (request: NextRequest, context: { params: Promise<object> }) => Response | Promise<Response> = POST;

export const plugin: Plugin = {
  name: 'outkit',
  configureServer: ({ middlewares }) => void middlewares.use('/api/outkit', toNodeHandler(plain)),
};
`;
