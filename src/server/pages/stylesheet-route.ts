import type { FastifyInstance } from 'fastify';
import { STYLESHEET, STYLESHEET_PATH } from './stylesheet.ts';

/** Puts the stylesheet of the pages on a server. */
export function addStylesheet(app: FastifyInstance): void {
  app.get(STYLESHEET_PATH, (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type('text/css; charset=utf-8')
      .send(STYLESHEET),
  );
}
