import type { Exchange } from './exchange.ts';
import type { Notices } from './notices.ts';

/** One request to the renderer. */
export interface RendererCall {
  readonly origin: string;
  readonly key: string;
  readonly stream: boolean;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Codes of failed connections, such as ECONNREFUSED. */
const CAUSE_CODE = /^[A-Z_0-9]{1,40}$/;

/**
 * Asks the renderer. Of what the client sent only the body goes along, and no redirect is followed, since the key would go with it.
 * Throws `renderer_unreachable`, `renderer_timeout` or `client_gone`.
 */
export async function callRenderer(
  { origin, key, stream, body }: RendererCall,
  exchange: Exchange,
  notices: Notices,
): Promise<Response> {
  try {
    return await fetch(`${origin}/render/enhance?stream=${stream}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: stream ? 'text/event-stream, application/json' : 'application/json',
        'x-outkit-api-key': key,
      },
      body,
      redirect: 'manual',
      signal: exchange.signal,
    });
  } catch (thrown) {
    const error = exchange.failure('renderer_unreachable', 'renderer_timeout');
    if (error.code === 'renderer_timeout') notices.error(`Outkit: ${origin} did not answer in time`);
    if (error.code === 'renderer_unreachable') {
      notices.error(
        `Outkit: no answer from ${origin}${causeOf(thrown)}. Does the server run, and is OUTKIT_API_URL right?`,
      );
    }
    throw error;
  }
}

/** The code of what failed and nothing else: messages of `fetch` may quote a header. */
function causeOf(thrown: unknown): string {
  const { cause, code } = (thrown ?? {}) as { cause?: { code?: unknown } | null; code?: unknown };
  const found = cause?.code ?? code;
  return typeof found === 'string' && CAUSE_CODE.test(found) ? ` (${found})` : '';
}
