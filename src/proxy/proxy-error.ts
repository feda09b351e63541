/** What the proxy answers by itself. Nothing of the request or of a failure is repeated. */
export const PROXY_ERRORS = {
  bad_query: [400, 'BadRequest', 'The query may hold stream=true or stream=false, once, and nothing else'],
  bad_body: [400, 'BadRequest', 'The body cannot be read'],
  unauthorized: [401, 'Unauthorized', 'You may not render here: sign in first'],
  method_not_allowed: [405, 'MethodNotAllowed', 'Only POST is known here'],
  request_timeout: [408, 'RequestTimeout', 'The body did not come in time'],
  input_too_large: [413, 'InputTooLargeError', 'The body is over the limit of this route'],
  unsupported_media_type: [415, 'UnsupportedMediaType', 'The body must be JSON: send content-type: application/json'],
  client_gone: [499, 'ClientGone', 'The client went away'],
  authorize_failed: [500, 'AuthorizeFailed', 'The app failed to decide who may render'],
  internal: [500, 'InternalError', 'The proxy failed to answer'],
  proxy_misconfigured: [502, 'ProxyMisconfigured', 'The app is not set up for the renderer: its log says why'],
  renderer_refused_key: [502, 'RendererRefused', 'The renderer does not serve this app: the log of the app says why'],
  renderer_unexpected: [502, 'RendererUnexpected', 'The renderer gave an answer that is none'],
  renderer_unreachable: [502, 'RendererUnreachable', 'The renderer cannot be reached'],
  renderer_timeout: [504, 'RendererTimeout', 'The renderer did not answer in time'],
} as const satisfies Record<string, readonly [status: number, name: string, detail: string]>;

/** Code of an answer that the proxy makes itself. */
export type ProxyErrorCode = keyof typeof PROXY_ERRORS;

/** A request that ends here, with an answer of the proxy's own. */
export class ProxyError extends Error {
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode) {
    super(PROXY_ERRORS[code][2]);
    this.code = code;
  }

  /** In the shape of the renderer's errors. */
  toJson() {
    const [, error, detail] = PROXY_ERRORS[this.code];
    return { error, detail, code: this.code };
  }

  toResponse(): Response {
    const [status] = PROXY_ERRORS[this.code];
    return Response.json(this.toJson(), {
      status,
      headers: {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(status === 405 ? { allow: 'POST' } : {}),
      },
    });
  }
}
