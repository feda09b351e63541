import type { FrameworkId } from './detect.ts';
import type { ProxyStyle } from './proxy.ts';
import { gate, IS_REFUSED, NO_ANSWER, PASSED_HEADERS, REFUSED, settings, typing } from './proxy-parts.ts';

/** What differs between frameworks that hand a web-standard `Request` to a function and take a `Response`. */
export interface WebHandler {
  /** How it gets its requests, in words or code, below the name of the file. */
  readonly mount: string;
  readonly imports?: readonly string[];
  /** Where the variables of the env file are. */
  readonly env: string;
  readonly opening: (style: ProxyStyle) => string;
  readonly closing?: string;
  /** Lines that make `request` and `signal`, where the framework does not pass a `Request`. */
  readonly prelude?: readonly string[];
  readonly signal?: string;
  /** `error` is not known to Cloudflare. Neither sends the key on to where a redirect leads. */
  readonly redirect?: 'error' | 'manual';
}

type WebFramework = Exclude<FrameworkId, 'fastify' | 'express' | 'vite' | 'node'> | 'honoOnWorkers';

const ACTION: WebHandler = {
  mount: 'the route /api/outkit',
  env: 'process.env',
  opening: (style) => `export async function action({ request }${typing(style, ': { request: Request }')}) {`,
};

const ON_WORKERS = {
  env: 'env',
  opening: (style: ProxyStyle) =>
    `export async function outkitProxy(request${typing(style, ': Request')}, env${typing(style, ': Record<string, string>')}) {`,
  redirect: 'manual',
} as const;

export const WEB_HANDLERS: Readonly<Record<WebFramework, WebHandler>> = {
  next: {
    mount: 'the route /api/outkit',
    env: 'process.env',
    opening: (style) => `export async function POST(request${typing(style, ': Request')}) {`,
  },
  nuxt: {
    mount: 'the route /api/outkit',
    env: 'process.env',
    opening: () => 'export default defineEventHandler(async (event) => {',
    closing: '});',
    prelude: [
      'const request = toWebRequest(event);',
      'const gone = new AbortController();',
      "event.node.res.on('close', () => gone.abort());",
    ],
    signal: 'gone.signal',
  },
  sveltekit: {
    mount: 'the route /api/outkit',
    imports: ["import { env } from '$env/dynamic/private';"],
    env: 'env',
    opening: (style) => `export async function POST({ request }${typing(style, ': { request: Request }')}) {`,
  },
  astro: {
    mount: 'the route /api/outkit; it needs an adapter, and Astro 5',
    // `import.meta.env` would put the key of the env file into the build.
    imports: ["import { getSecret } from 'astro:env/server';", '', 'export const prerender = false;'],
    env: "{ OUTKIT_API_KEY: getSecret('OUTKIT_API_KEY'), OUTKIT_RENDERER_URL: getSecret('OUTKIT_RENDERER_URL') }",
    opening: (style) => `export async function POST({ request }${typing(style, ': { request: Request }')}) {`,
  },
  'react-router': { ...ACTION, mount: "in app/routes.ts: route('api/outkit', 'routes/api.outkit.ts')" },
  remix: ACTION,
  hono: {
    mount: "app.post('/api/outkit', (c) => outkitProxy(c.req.raw))",
    env: 'process.env',
    opening: (style) => `export async function outkitProxy(request${typing(style, ': Request')}) {`,
  },
  honoOnWorkers: { ...ON_WORKERS, mount: "app.post('/api/outkit', (c) => outkitProxy(c.req.raw, c.env))" },
  worker: {
    ...ON_WORKERS,
    mount: "in fetch: if (new URL(request.url).pathname === '/api/outkit') return outkitProxy(request, env)",
  },
};

/** A handler that streams both ways and ends the request to the renderer when the browser has gone. */
export function webProxy(handler: WebHandler, file: string, style: ProxyStyle): string {
  const { mount, imports = [], env, opening, closing = '}', prelude = [], redirect = 'error' } = handler;
  const signal = handler.signal ?? 'request.signal';
  return [
    `// ${file}: ${mount}`,
    ...imports,
    '',
    ...gate('Request', style),
    '',
    opening(style),
    ...prelude.map((line) => `  ${line}`),
    '  if (!(await mayRender(request))) return new Response(null, { status: 401 });',
    `  ${settings(env, style)}`,
    '  try {',
    "    const answer = await fetch(new URL('/render/enhance' + new URL(request.url).search, OUTKIT_RENDERER_URL), {",
    "      method: 'POST',",
    "      headers: { 'x-outkit-api-key': OUTKIT_API_KEY, 'content-type': request.headers.get('content-type') ?? '' },",
    '      body: request.body,',
    "      duplex: 'half',",
    `      redirect: '${redirect}',`,
    `      signal: ${signal},`,
    `    }${typing(style, ' as object')});`,
    `    ${IS_REFUSED}`,
    `      ${REFUSED}`,
    '      return new Response(null, { status: 502 });',
    '    }',
    `    const headers = [...answer.headers].filter(([name]) => ${PASSED_HEADERS}.includes(name));`,
    '    return new Response(answer.body, { status: answer.status, headers });',
    '  } catch {',
    `    if (!${signal}.aborted) ${NO_ANSWER}`,
    '    return new Response(null, { status: 502 });',
    '  }',
    closing,
    '',
  ].join('\n');
}
