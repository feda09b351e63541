import type { Exchange } from './exchange.ts';
import type { CheckedOptions } from './options.ts';
import { ProxyError } from './proxy-error.ts';

/** Names of errors are words; whatever else stands there stays out of the log. */
const ERROR_NAME = /^[A-Z][A-Za-z]{0,39}$/;

/**
 * Asks the app. `null` lets the request through, a Response is the app's own answer. Throws `unauthorized`, `client_gone`, or
 * `authorize_failed` for an app that throws, does not decide in time or gives anything else.
 */
export async function refusalOfApp<Native>(
  request: Request,
  native: Native,
  { authorize, notices }: Pick<CheckedOptions<Native>, 'authorize' | 'notices'>,
  exchange: Exchange,
): Promise<Response | null> {
  let decision: unknown;
  try {
    decision = await exchange.within(() => authorize(request, native));
  } catch (thrown) {
    const error = exchange.failure('authorize_failed');
    if (error.code === 'client_gone') throw error;
    notices.error(
      `Outkit: authorize ${exchange.why === 'timeout' ? 'did not decide in time' : `threw ${nameOf(thrown)}`}`,
    );
    throw error;
  }
  if (decision instanceof Response) return decision;
  if (decision === false) throw new ProxyError('unauthorized');
  if (decision === true) return null;
  notices.error(
    'Outkit: authorize must give true, false or a Response; it gave something else, and the request is refused',
  );
  throw new ProxyError('authorize_failed');
}

/** The name of something thrown, and no more of it: messages may quote what they are about. */
export function nameOf(thrown: unknown): string {
  const name: unknown = thrown instanceof Error ? thrown.name : undefined;
  return typeof name === 'string' && ERROR_NAME.test(name) ? name : 'an error';
}
