import type { ProxyStyle } from './proxy.ts';
import { gate, IS_REFUSED, NO_ANSWER, PASSED_HEADERS, REFUSED, settings, typing } from './proxy-parts.ts';

interface NodeServer {
  readonly mount: readonly string[];
  /** Types of request and response, and where they come from. */
  readonly types: readonly [from: string, request: string, response: string];
  readonly body: string;
}

const NODE_TYPES = ['node:http', 'IncomingMessage', 'ServerResponse'] as const;

const SERVERS: Readonly<Record<'express' | 'vite' | 'node', NodeServer>> = {
  express: {
    mount: ["app.post('/api/outkit', outkitProxy)"],
    types: ['express', 'Request', 'Response'],
    // `express.json()` leaves nothing to read.
    body: 'request.body === undefined ? request : JSON.stringify(request.body)',
  },
  vite: {
    mount: [
      'for vite in development; in production your backend mounts it. In vite.config:',
      "plugins: [{ name: 'outkit', configureServer({ config, middlewares }) {",
      "  Object.assign(process.env, loadEnv(config.mode, config.root, 'OUTKIT_'));",
      "  middlewares.use('/api/outkit', outkitProxy);",
      '} }]',
    ],
    types: NODE_TYPES,
    body: 'request',
  },
  node: {
    mount: ["in createServer: if (request.url?.startsWith('/api/outkit')) return outkitProxy(request, response)"],
    types: NODE_TYPES,
    body: 'request',
  },
};

/** A handler for Node's own requests and responses, which Express and Vite hand on. */
export function nodeProxy(framework: 'express' | 'vite' | 'node', file: string, style: ProxyStyle): string {
  const { mount, types, body } = SERVERS[framework];
  const [from, request, response] = types;
  const [first = '', ...others] = mount;
  const parameters = style.typed ? `request: ${request}, response: ${response}` : 'request, response';
  return [
    `// ${file}: ${first}`,
    ...others.map((line) => `// ${line}`),
    ...(style.typed ? [`import type { ${request}, ${response} } from '${from}';`] : []),
    "import { pipeline } from 'node:stream/promises';",
    '',
    ...gate(request, style),
    '',
    `export async function outkitProxy(${parameters})${typing(style, ': Promise<void>')} {`,
    "  if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();",
    '  if (!(await mayRender(request))) return void response.writeHead(401).end();',
    `  ${settings('process.env', style)}`,
    '  const gone = new AbortController();',
    "  response.on('close', () => gone.abort());",
    '  try {',
    `    const { search } = new URL(request.url ?? '/', OUTKIT_RENDERER_URL);`,
    "    const answer = await fetch(new URL('/render/enhance' + search, OUTKIT_RENDERER_URL), {",
    "      method: 'POST',",
    "      headers: { 'x-outkit-api-key': OUTKIT_API_KEY, 'content-type': request.headers['content-type'] ?? '' },",
    `      body: ${body},`,
    "      duplex: 'half',",
    "      redirect: 'error',",
    '      signal: gone.signal,',
    `    }${typing(style, ' as object')});`,
    `    ${IS_REFUSED}`,
    `      ${REFUSED}`,
    '      return void response.writeHead(502).end();',
    '    }',
    `    const headers = [...answer.headers].filter(([name]) => ${PASSED_HEADERS}.includes(name));`,
    '    response.writeHead(answer.status, Object.fromEntries(headers));',
    '    await pipeline(answer.body ?? [], response);',
    '  } catch {',
    `    if (!gone.signal.aborted) ${NO_ANSWER}`,
    '    if (response.headersSent) response.destroy();',
    '    else response.writeHead(502).end();',
    '  }',
    '}',
    '',
  ].join('\n');
}
