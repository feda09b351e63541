import type { Exchange } from './exchange.ts';
import type { CheckedOptions } from './options.ts';
import { ProxyError } from './proxy-error.ts';

/**
 * The body of a request, read until its end or its limit, whatever `content-length` says; what is left is left to the platform. Throws
 * `input_too_large`, `request_timeout`, `client_gone`, `bad_body` for one that breaks off, or `proxy_misconfigured` when the app has read it.
 */
export async function readBody(
  request: Request,
  { maxBytes, notices }: Pick<CheckedOptions<never>, 'maxBytes' | 'notices'>,
  exchange: Exchange,
): Promise<Uint8Array<ArrayBuffer>> {
  if (request.bodyUsed || request.body?.locked) {
    notices.error('Outkit: the app has read the body of the request before the proxy: let it read request.clone()');
    throw new ProxyError('proxy_misconfigured');
  }
  if (Number(request.headers.get('content-length')) > maxBytes) throw new ProxyError('input_too_large');
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const stop = () => void reader.cancel().catch(() => {});
  exchange.signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (exchange.signal.aborted) throw exchange.failure('request_timeout', 'bad_body');
      if (done) return concatenated(chunks, length);
      if (!(value instanceof Uint8Array)) throw new ProxyError('bad_body');
      length += value.byteLength;
      if (length > maxBytes) throw new ProxyError('input_too_large');
      chunks.push(value);
    }
  } catch (thrown) {
    throw thrown instanceof ProxyError ? thrown : exchange.failure('request_timeout', 'bad_body');
  } finally {
    exchange.signal.removeEventListener('abort', stop);
    reader.releaseLock();
  }
}

function concatenated(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
