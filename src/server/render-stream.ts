import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OutkitError } from '../core/errors.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import type { RefusalKind } from '../core/verdict.ts';
import type { OpenStreams } from '../gateway/open-streams.ts';
import { renderErrorJson } from './error-response.ts';
import { refusalError } from './refusals.ts';

/**
 * Frames as the body of an answer, each written when the reader has taken those before, and only while the key is accepted. When it ends
 * first, an `error` event says why; a reader with whom more is waiting is cut off, so that nothing of that comes after the end.
 */
export function renderStream(
  frames: Iterator<string>,
  hash: SecretHash,
  streams: OpenStreams,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Readable {
  let isEnded = false;
  const push = (frame: string) => {
    request.bytesOut += Buffer.byteLength(frame);
    body.push(frame);
  };
  const end = (why: RefusalKind) => {
    if (isEnded) return;
    isEnded = true;
    if (body.readableLength > 0 || reply.raw.writableLength > 0) {
      body.destroy();
      reply.raw.destroy();
      return;
    }
    push(errorFrame(refusalError(why)));
    body.push(null);
  };
  const body: Readable = new Readable({
    encoding: 'utf8',
    // One frame at a time: what waits here could not be taken back.
    highWaterMark: 1,
    read() {
      if (isEnded) return;
      const why = streams.refusalOf(hash);
      if (why !== null) {
        end(why);
        return;
      }
      const { done, value } = frames.next();
      if (done !== true) {
        push(value);
        return;
      }
      isEnded = true;
      this.push(null);
    },
  });
  body.once('close', streams.add({ hash, end }));
  return body;
}

function errorFrame(error: OutkitError): string {
  return `event: error\ndata: ${JSON.stringify(renderErrorJson(error))}\n\n`;
}
