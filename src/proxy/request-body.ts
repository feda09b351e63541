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
  let bytes = new Uint8Array();
  let length = 0;
  const reader = request.body?.getReader();
  if (reader === undefined) return bytes;
  const stop = () => void reader.cancel().catch(() => {});
  exchange.signal.addEventListener('abort', stop, { once: true });
  try {
    exchange.signal.throwIfAborted();
    for (;;) {
      const { done, value } = await reader.read();
      exchange.signal.throwIfAborted();
      if (done) return bytes.subarray(0, length);
      if (!(value instanceof Uint8Array)) throw new ProxyError('bad_body');
      if (length + value.byteLength > maxBytes) throw new ProxyError('input_too_large');
      bytes = withRoom(bytes, length + value.byteLength);
      bytes.set(value, length);
      length += value.byteLength;
    }
  } catch (thrown) {
    throw thrown instanceof ProxyError ? thrown : exchange.failure('bad_body', 'request_timeout');
  } finally {
    exchange.signal.removeEventListener('abort', stop);
    reader.releaseLock();
  }
}

/** Pieces of one byte each must not cost more than the bytes. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.byteLength) return bytes;
  const larger = new Uint8Array(Math.max(length, 2 * bytes.byteLength));
  larger.set(bytes);
  return larger;
}
