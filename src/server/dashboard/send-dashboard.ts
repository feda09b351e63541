import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setPageHeaders } from '../pages/page-headers.ts';
import { type DashboardFile, type DashboardFiles, ENCODINGS, type Encoding } from './dashboard-files.ts';

/**
 * What a browser may do with the dashboard: run and show what this server has as files, and ask this server. Nothing inline, nothing
 * made from text, nothing from elsewhere, and no frame around it.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Puts what the document of the dashboard loads on a server: a route for each file, so that there is no path to look for. */
export function addDashboardAssets(app: FastifyInstance, { assets }: DashboardFiles): void {
  for (const [name, file] of assets) {
    app.get(`/assets/${name}`, (request, reply) => {
      reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .header('cross-origin-resource-policy', 'same-origin');
      return sendFile(file, request, reply);
    });
  }
}

/** Answers with the document, which is the same for everybody and for every page of the dashboard. */
export function sendDashboard(
  { document }: DashboardFiles,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): FastifyReply {
  setPageHeaders(reply, publicUrl);
  reply.header('content-security-policy', POLICY);
  return sendFile(document, request, reply);
}

function sendFile(file: DashboardFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const encoding = ENCODINGS.find((name) => file.encoded[name] !== undefined && accepts(request, name));
  reply.type(file.type).header('vary', 'accept-encoding');
  if (encoding === undefined) return reply.send(file.plain);
  return reply.header('content-encoding', encoding).send(file.encoded[encoding]);
}

function accepts({ headers }: FastifyRequest, encoding: Encoding): boolean {
  const wishes = String(headers['accept-encoding'] ?? '').split(',');
  return wishes.some((wish) => {
    const [name, ...rules] = wish.split(';').map((part) => part.trim().toLowerCase());
    return name === encoding && !rules.some((rule) => /^q=0(?:\.0*)?$/.test(rule));
  });
}
