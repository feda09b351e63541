import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { readInput } from '../api/read-input.ts';
import { OutkitError } from '../core/errors.ts';
import { PLANS } from '../core/profile.ts';
import type { KnownSecret } from '../gateway/known-key.ts';
import type { OpenStreams } from '../gateway/open-streams.ts';
import { componentListings } from '../renderer/components.ts';
import { render } from '../renderer/render.ts';
import { enhanceRequestSchema, MAX_CONTENT_BYTES } from '../renderer/request.ts';
import { STREAM_CONTENT_TYPE, streamFrames } from '../renderer/stream.ts';
import { renderStream } from './render-stream.ts';

/** JSON may write one byte of text as six (`\u0001`); beside the text there is little. */
const MAX_BODY_BYTES = 6 * MAX_CONTENT_BYTES + 128 * 1024;

/** It is the same for everybody and for as long as the server runs. */
const COMPONENTS = JSON.stringify({ components: componentListings });

const noQuery = v.strictObject({});
const enhanceQuery = v.strictObject({
  stream: v.optional(v.picklist(['true', 'false'], 'must be true or false'), 'true'),
});

declare module 'fastify' {
  interface FastifyRequest {
    /** In the answer; `null` where a route gives none. For who watches, and for the event. */
    blocks: number | null;
  }
}

/** Routes of the renderer. `guardRenderer` stands before them. */
export function renderRoutes(app: FastifyInstance, streams: OpenStreams): void {
  app.decorateRequest('blocks', null);
  app.get('/components', (request, reply) => {
    readInput(noQuery, request.query);
    reply.type('application/json; charset=utf-8').send(COMPONENTS);
  });

  app.post('/render/enhance', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const { stream } = readInput(enhanceQuery, request.query);
    const { content, preferences } = readEnhanceRequest(request.body);
    const { hash, key } = admittedSecret(request);
    const { plan, design } = key.profile;
    const blocks = render({
      content,
      maxComponents: PLANS[plan].maxComponents,
      ...(preferences === undefined ? {} : { preferences }),
    });
    request.blocks = blocks.length;
    if (stream === 'false') return { blocks, design };
    const body = renderStream(streamFrames(blocks, design), hash, streams, { request, reply });
    return reply.type(STREAM_CONTENT_TYPE).send(body);
  });
}

function readEnhanceRequest(body: unknown) {
  const content = (body as { content?: unknown } | null | undefined)?.content;
  if (typeof content === 'string' && Buffer.byteLength(content) > MAX_CONTENT_BYTES) {
    throw new OutkitError('input_too_large', `content is over ${MAX_CONTENT_BYTES} bytes of UTF-8`);
  }
  return readInput(enhanceRequestSchema, body, 'validation_failed');
}

function admittedSecret({ admission }: FastifyRequest): KnownSecret {
  if (admission?.secret == null) throw new Error('a renderer route ran without an admitted key');
  return admission.secret;
}
