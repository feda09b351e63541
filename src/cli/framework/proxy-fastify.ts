import type { ProxyStyle } from './proxy.ts';
import { gate, IS_REFUSED, NO_ANSWER, PASSED_HEADERS, REFUSED, settings, typing } from './proxy-parts.ts';

/** A plugin for Fastify, which has parsed the body before its handler runs. */
export function fastifyProxy(file: string, style: ProxyStyle): string {
  return [
    `// ${file}: await app.register(outkitProxy)`,
    ...(style.typed ? ["import type { FastifyInstance, FastifyRequest } from 'fastify';"] : []),
    '',
    ...gate('FastifyRequest', style),
    '',
    `export async function outkitProxy(app${typing(style, ': FastifyInstance')}) {`,
    "  app.post('/api/outkit', async (request, reply) => {",
    '    if (!(await mayRender(request))) return reply.code(401).send();',
    `    ${settings('process.env', style)}`,
    '    const gone = new AbortController();',
    "    reply.raw.on('close', () => gone.abort());",
    '    try {',
    '      const { search } = new URL(request.url, OUTKIT_RENDERER_URL);',
    "      const answer = await fetch(new URL('/render/enhance' + search, OUTKIT_RENDERER_URL), {",
    "        method: 'POST',",
    "        headers: { 'x-outkit-api-key': OUTKIT_API_KEY, 'content-type': 'application/json' },",
    '        body: JSON.stringify(request.body),',
    "        redirect: 'error',",
    '        signal: gone.signal,',
    '      });',
    `      ${IS_REFUSED}`,
    `        ${REFUSED}`,
    '        return reply.code(502).send();',
    '      }',
    `      const headers = [...answer.headers].filter(([name]) => ${PASSED_HEADERS}.includes(name));`,
    '      return reply.send(new Response(answer.body, { status: answer.status, headers }));',
    '    } catch {',
    `      if (!gone.signal.aborted) ${NO_ANSWER}`,
    '      return reply.code(502).send();',
    '    }',
    '  });',
    '}',
    '',
  ].join('\n');
}
