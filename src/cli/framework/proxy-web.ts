import type { FrameworkId } from './detect.ts';
import { type ProxyStyle, type ProxyTemplate, typing } from './proxy-template.ts';

type WebFramework = Exclude<FrameworkId, 'fastify' | 'express' | 'vite' | 'node'> | 'honoOnWorkers';

/** As Remix and React Router call it. */
const ACTION = {
  imports: [],
  check: "async (request) => (await getSession(request.headers.get('cookie'))).has('userId')",
  handler: (style: ProxyStyle) => [
    `export const action = ({ request }${typing(style, ': { request: Request }')}) => proxy(request);`,
  ],
} as const;

const HONO = {
  mount: () => "app.post('/api/outkit', outkitProxy)",
  imports: ["import { toHonoHandler } from 'outkit/proxy/hono';"],
  native: ['Context', 'hono'],
  check: "(_request, c) => c.get('user') !== undefined",
} as const;

/** Variables come with the request there. */
const ON_WORKERS = {
  variable: (name: string) => `env.${name}`,
  key: () => '() => env.OUTKIT_API_KEY',
  perRequest: (style: ProxyStyle) => `const proxyWith = (env${typing(style, ': Record<string, string | undefined>')})`,
} as const;

/** Proxies for frameworks that hand a web-standard `Request` to a function and take a `Response`. */
export const WEB_TEMPLATES: Readonly<Record<WebFramework, ProxyTemplate>> = {
  next: {
    mount: null,
    imports: ["import { toNextRoute } from 'outkit/proxy/next';"],
    check: 'async () => (await auth()) !== null',
    handler: () => ['export const { POST } = toNextRoute(proxy);'],
  },
  nuxt: {
    mount: null,
    imports: [],
    native: ['H3Event', 'h3'],
    check: 'async (_request, event) => (await getUserSession(event)).user !== undefined',
    // The request that is made of an event does not end when the browser goes away.
    handler: () => [
      'export default defineEventHandler((event) => {',
      '  const gone = new AbortController();',
      "  event.node.res.once('close', () => gone.abort());",
      '  return proxy(new Request(toWebRequest(event), { signal: gone.signal }), event);',
      '});',
    ],
  },
  sveltekit: {
    mount: null,
    imports: ["import { env } from '$env/dynamic/private';"],
    native: ['RequestEvent', '@sveltejs/kit'],
    check: '(_request, { locals }) => locals.user !== undefined',
    variable: (name) => `env.${name}`,
    key: () => '() => env.OUTKIT_API_KEY',
    handler: (style) => [
      `export const POST = (event${typing(style, ': RequestEvent')}) => proxy(event.request, event);`,
    ],
  },
  astro: {
    mount: null,
    // `import.meta.env` would put the key of the env file into the build.
    imports: ["import { getSecret } from 'astro:env/server';"],
    native: ['APIContext', 'astro'],
    check: '(_request, { locals }) => locals.user !== undefined',
    variable: (name) => `getSecret('${name}')`,
    key: () => "() => getSecret('OUTKIT_API_KEY')",
    handler: (style) => [
      'export const prerender = false;',
      `export const POST = (context${typing(style, ': APIContext')}) => proxy(context.request, context);`,
    ],
  },
  'react-router': {
    ...ACTION,
    mount: (file) => `in app/routes.ts: route('api/outkit', '${file.replace('app/', '')}')`,
  },
  remix: { ...ACTION, mount: null },
  hono: { ...HONO, handler: () => ['export const outkitProxy = toHonoHandler(proxy);'] },
  honoOnWorkers: {
    ...HONO,
    ...ON_WORKERS,
    handler: (style) => [
      `export const outkitProxy = (c${typing(style, ': Context')}) => toHonoHandler(proxyWith(c.env))(c);`,
    ],
  },
  worker: {
    ...ON_WORKERS,
    mount: () => "in fetch: if (new URL(request.url).pathname === '/api/outkit') return outkitProxy(request, env)",
    imports: [],
    check: 'async (request) => (await auth.api.getSession({ headers: request.headers })) !== null',
    handler: (style) => [
      `export const outkitProxy = (request${typing(style, ': Request')}, env${typing(style, ': Record<string, string | undefined>')}) =>`,
      '  proxyWith(env)(request);',
    ],
  },
};
