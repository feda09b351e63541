import { type ProxyTemplate, quoted, typing } from './proxy-template.ts';

const BY_HEADERS = 'async (request) => (await auth.api.getSession({ headers: request.headers })) !== null';
const HANDLER = ['export const outkitProxy = toNodeHandler(proxy);'];

/** Proxies for servers that Node itself loads: they have the key in their environment, or beside them. */
export const NODE_TEMPLATES: Readonly<Record<'fastify' | 'express' | 'vite' | 'node', ProxyTemplate>> = {
  fastify: {
    mount: () => 'await app.register(outkitProxy)',
    imports: ["import { outkitFastify } from 'outkit/proxy/fastify';"],
    native: ['FastifyRequest', 'fastify'],
    check: '(_request, { session }) => session.user !== undefined',
    handler: (style) => [
      ...(style.typed ? ["type App = import('fastify').FastifyInstance;", ''] : []),
      `export async function outkitProxy(app${typing(style, ': App')}) {`,
      '  await app.register(outkitFastify, { proxy });',
      '}',
    ],
  },
  express: {
    mount: () => "app.post('/api/outkit', outkitProxy)",
    imports: ["import { toNodeHandler } from 'outkit/proxy/node';"],
    native: ['Request', 'express'],
    check: '(_request, { session }) => session.userId !== undefined',
    handler: () => HANDLER,
  },
  vite: {
    mount: () => 'in vite.config: plugins: [outkitProxy]. For development: in production your backend has its own',
    imports: ["import { keyFromEnvFile, toNodeHandler } from 'outkit/proxy/node';"],
    check: BY_HEADERS,
    // Vite keeps what it loads to itself.
    key: ({ envFile }) => `keyFromEnvFile(${quoted(envFile)})`,
    handler: (style) => [
      `export const outkitProxy${typing(style, ": import('vite').Plugin")} = {`,
      "  name: 'outkit',",
      "  configureServer: ({ middlewares }) => void middlewares.use('/api/outkit', toNodeHandler(proxy)),",
      '};',
    ],
  },
  node: {
    mount: () => "in createServer: if (request.url === '/api/outkit') return outkitProxy(request, response)",
    imports: ["import { toNodeHandler } from 'outkit/proxy/node';"],
    check: BY_HEADERS,
    handler: () => HANDLER,
  },
};
