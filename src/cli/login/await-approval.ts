import type { DeviceCode, DeviceLogin, DeviceToken } from '../../client/device-login.ts';
import { OutkitError } from '../../core/errors.ts';
import type { Io } from '../io.ts';

/** By how much a server that is asked too often wants the interval to grow (RFC 8628, section 3.5). */
const SLOW_DOWN_MS = 5000;

/** What may be over at the next poll: the network, or a server that starts again. */
const PASSING = ['unreachable', 'timeout', 'unavailable', 'rate_limited'];

/**
 * Polls until the person has answered, and resolves to the credential of the new session. Throws `not_logged_in` when they say no or
 * the code expires, and the reason of the signal. A poll that is under way then is waited for: it may have started a session.
 */
export async function awaitApproval(
  code: DeviceCode,
  device: DeviceLogin,
  io: Pick<Io, 'now' | 'wait'>,
  signal: AbortSignal,
): Promise<string> {
  const expiresAt = io.now() + code.lifeMs;
  let { intervalMs } = code;
  for (;;) {
    await io.wait(intervalMs, signal);
    signal.throwIfAborted();
    if (io.now() >= expiresAt) throw expired();
    const token = await poll(code.deviceCode, device);
    if (token.kind === 'started') return token.credential;
    if (token.kind === 'slow_down') intervalMs += SLOW_DOWN_MS;
    else if (token.kind !== 'authorization_pending') throw refusalOf(token.kind);
  }
}

async function poll(deviceCode: string, device: DeviceLogin): Promise<DeviceToken> {
  try {
    return await device.redeem(deviceCode);
  } catch (error) {
    if (error instanceof OutkitError && PASSING.includes(error.code)) return { kind: 'authorization_pending' };
    throw error;
  }
}

function refusalOf(kind: 'access_denied' | 'expired_token' | 'invalid_grant'): OutkitError {
  if (kind === 'access_denied') return new OutkitError('not_logged_in', 'The login was denied in the browser');
  if (kind === 'expired_token') return expired();
  return new OutkitError('not_logged_in', 'The server knows the code of this login no more', 'outkit login');
}

function expired(): OutkitError {
  return new OutkitError('not_logged_in', 'The code expired before somebody let this device in', 'outkit login');
}
