import { nameOf, refusalOfApp } from './authorization.ts';
import { Exchange } from './exchange.ts';
import { type CheckedOptions, checkOptions, type OutkitProxyOptions } from './options.ts';
import { ProxyError } from './proxy-error.ts';
import { relayAnswer } from './renderer-answer.ts';
import { callRenderer } from './renderer-call.ts';
import { readBody } from './request-body.ts';
import { wantsStream } from './request-rules.ts';
import { currentKey, currentOrigin, keyPlace } from './settings.ts';

export type { OutkitProxyOptions };

/** Answers a request of the app's browser; never rejects. `native` goes to `authorize`. */
export type OutkitProxy<Native = unknown> = (request: Request, native?: Native) => Promise<Response>;

/**
 * Makes the proxy that gives an app's browser blocks and never the key. It takes `POST` with JSON, asks `authorize`, and sends the body
 * on to the renderer. Throws a TypeError for options that cannot work or are not safe.
 */
export function createOutkitProxy<Native = unknown>(options: OutkitProxyOptions<Native>): OutkitProxy<Native> {
  const checked = checkOptions(options);
  return async (request, native) => {
    try {
      return await answerTo(request, native as Native, checked);
    } catch (thrown) {
      if (thrown instanceof ProxyError) return thrown.toResponse();
      checked.notices.error(`Outkit: the proxy failed with ${nameOf(thrown)}`);
      return new ProxyError('internal').toResponse();
    }
  };
}

async function answerTo<Native>(request: Request, native: Native, options: CheckedOptions<Native>): Promise<Response> {
  const { timeoutMs, notices } = options;
  const stream = wantsStream(request);
  const exchange = new Exchange(request, timeoutMs);
  try {
    const refusal = await refusalOfApp(request, native, options, exchange);
    if (refusal !== null) {
      exchange.end();
      return refusal;
    }
    const body = await readBody(request, options, exchange);
    const key = await currentKey(options, exchange);
    const origin = currentOrigin(options);
    const answer = await callRenderer({ origin, key, stream, body }, exchange, notices);
    return relayAnswer(answer, exchange, { origin, keyPlace: keyPlace(options), stream, notices });
  } catch (thrown) {
    exchange.end();
    throw thrown;
  }
}
