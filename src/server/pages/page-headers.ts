import type { FastifyReply } from 'fastify';

const HSTS_SECONDS = 365 * 24 * 60 * 60;

/** What a browser may do with a page of ours: show it, with our stylesheet, and post its forms to us; never in a frame, and no script. */
export function setPageHeaders(reply: FastifyReply, publicUrl: string): void {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  reply
    .header('content-security-policy', policy.join('; '))
    .header('x-content-type-options', 'nosniff')
    .header('x-frame-options', 'DENY')
    // Nothing to other sites. With `no-referrer` browsers would post our own forms with `Origin: null`.
    .header('referrer-policy', 'same-origin')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cache-control', 'no-store');
  if (new URL(publicUrl).protocol === 'https:') {
    reply.header('strict-transport-security', `max-age=${HSTS_SECONDS}`);
  }
}
