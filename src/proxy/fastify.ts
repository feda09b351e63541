import { discardRest, type NodeRequest, toWebRequest } from './node-request.ts';
import type { OutkitProxy } from './proxy.ts';

/** What is needed of Fastify's request. */
interface FastifyRequest {
  readonly raw: NodeRequest;
}

/** What is needed of Fastify's reply. */
interface FastifyReply {
  readonly raw: { once(event: 'close', listener: () => void): unknown };
  send(answer: Response): unknown;
}

/** What is needed of a Fastify app. */
export interface FastifyApp {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(type: string, parser: () => Promise<undefined>): unknown;
  post(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): unknown;
}

/** `path` is `/api/outkit` by default. `authorize` gets Fastify's request as `native`. */
export interface OutkitFastifyOptions {
  readonly proxy: OutkitProxy<never>;
  readonly path?: string;
}

/** A plugin for Fastify: `await app.register(outkitFastify, { proxy })`. What parses the bodies of the rest of the app stays as it is. */
export async function outkitFastify(
  app: FastifyApp,
  { proxy, path = '/api/outkit' }: OutkitFastifyOptions,
): Promise<void> {
  app.removeAllContentTypeParsers();
  // The proxy reads the body by itself, after it has asked who may render.
  app.addContentTypeParser('*', async () => undefined);
  app.post(path, async (request, reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const web = toWebRequest(request.raw, gone.signal);
    const answer = await proxy(web, request as never);
    discardRest(request.raw, web);
    return reply.send(answer);
  });
}
