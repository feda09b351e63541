import { ProxyError } from './proxy-error.ts';

/** JSON in UTF-8. A form of another site cannot send it, and a script of another site has to ask the browser first (CORS). */
const JSON_TYPE = /^application\/json[\t ]*(?:;[\t ]*charset=(?:utf-8|"utf-8")[\t ]*)?$/i;

/** Whether a request asks for a stream, from what precedes its body. Throws a ProxyError for one that the proxy does not take. */
export function wantsStream({ method, headers, url }: Request): boolean {
  if (method !== 'POST') throw new ProxyError('method_not_allowed');
  const isPlain = /^(?:identity)?$/i.test(headers.get('content-encoding') ?? '');
  if (!isPlain || !JSON_TYPE.test(headers.get('content-type') ?? '')) throw new ProxyError('unsupported_media_type');
  switch (new URL(url).search) {
    case '':
    case '?stream=true':
      return true;
    case '?stream=false':
      return false;
    default:
      throw new ProxyError('bad_query');
  }
}
