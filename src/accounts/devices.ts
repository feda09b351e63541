import type { AsyncLocalStorage } from 'node:async_hooks';
import { isAPIError } from 'better-auth/api';
import { DEVICE_CLIENT_ID, DEVICE_GRANT_TYPE, type DeviceGrants, type DeviceRequest } from '../core/accounts.ts';
import { type Clock, HOUR_MS } from '../core/clock.ts';
import { hashOfToken } from '../core/token.ts';
import { type AskingDevice, type Auth, DEVICE_CODE_LIFE, POLL_INTERVAL } from './auth.ts';
import type { Sessions } from './sessions.ts';
import { readUserCode } from './user-code.ts';

const DEVICE_CODE_PATTERN = /^okdc_[A-Za-z0-9_-]{43}$/;
const MOST_TRIES = 5;

/** For so long a device that polls late is still told that its code has expired. */
const KEPT_EXPIRED_MS = HOUR_MS;
const REMOVED_AT_ONCE = 20;

const REFUSALS = ['authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant'] as const;

interface DeviceRow {
  readonly id: string;
  readonly userCode: string;
  readonly status: DeviceRequest['status'];
  readonly requestedAt: Date;
  readonly ip: string;
  readonly agent: string;
  readonly tries: number;
}

/**
 * Devices by better-auth's plugin, which decides what a poll gets; finding and answering are guarded updates of its table, so that of
 * two answers at once one counts. A code ends by the clock that is passed in, and by better-auth's own, which is that of the machine;
 * the time between two polls is better-auth's alone.
 */
export function deviceGrants(
  auth: Auth,
  { adapter }: Awaited<Auth['$context']>,
  { discard, clock, asking }: Pick<Sessions, 'discard'> & { clock: Clock; asking: AsyncLocalStorage<AskingDevice> },
): DeviceGrants {
  const oldest = () => new Date(clock.now() - DEVICE_CODE_LIFE.ms);
  const isExpired = (row: DeviceRow) => row.requestedAt <= oldest();
  const unexpired = () => ({ field: 'requestedAt', operator: 'gt', value: oldest() }) as const;
  const findRow = (field: 'userCode' | 'deviceCode', value: string) =>
    adapter.findOne<DeviceRow>({ model: 'deviceCode', where: [{ field, value }] });

  const removeExpired = async (): Promise<void> => {
    const before = new Date(oldest().getTime() - KEPT_EXPIRED_MS);
    const where = [{ field: 'requestedAt', operator: 'lt', value: before } as const];
    const rows = await adapter.findMany<DeviceRow>({ model: 'deviceCode', where, limit: REMOVED_AT_ONCE });
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return;
    await adapter.deleteMany({ model: 'deviceCode', where: [{ field: 'id', operator: 'in', value: ids }] });
  };

  return {
    async request(origin) {
      await removeExpired();
      const device = { origin, deviceCode: '' };
      const { user_code: userCode } = await asking.run(device, () =>
        auth.api.deviceCode({ body: { client_id: DEVICE_CLIENT_ID } }),
      );
      const { deviceCode } = device;
      return { deviceCode, userCode, expiresInMs: DEVICE_CODE_LIFE.ms, intervalMs: POLL_INTERVAL.ms };
    },
    async find(typed) {
      const userCode = readUserCode(typed);
      if (userCode === null) return null;
      const where = [{ field: 'userCode', value: userCode }, unexpired()];
      const row = await adapter.incrementOne<DeviceRow>({ model: 'deviceCode', where, increment: { tries: 1 } });
      return row === null || row.tries > MOST_TRIES ? null : requestOf(row);
    },
    async answer(typed, { personId }, isApproved) {
      const userCode = readUserCode(typed);
      if (userCode === null) return 'not_found';
      const answered = await adapter.incrementOne<DeviceRow>({
        model: 'deviceCode',
        where: [
          { field: 'userCode', value: userCode },
          { field: 'status', value: 'pending' },
          { field: 'tries', operator: 'lte', value: MOST_TRIES },
          unexpired(),
        ],
        increment: {},
        set: { status: isApproved ? 'approved' : 'denied', userId: personId },
      });
      if (answered !== null) return 'answered';
      const row = await findRow('userCode', userCode);
      if (row === null || row.tries > MOST_TRIES) return 'not_found';
      return isExpired(row) ? 'expired' : 'already_answered';
    },
    async redeem(deviceCode) {
      if (!DEVICE_CODE_PATTERN.test(deviceCode)) return { kind: 'invalid_grant' };
      const hash = hashOfToken(deviceCode);
      const row = await findRow('deviceCode', hash);
      if (row === null) return { kind: 'invalid_grant' };
      if (isExpired(row)) return { kind: 'expired_token' };
      try {
        const body = { grant_type: DEVICE_GRANT_TYPE, device_code: hash, client_id: DEVICE_CLIENT_ID } as const;
        const { access_token: token } = await auth.api.deviceToken({ body });
        return { kind: 'approved', person: await discard(token) };
      } catch (error) {
        const kind = refusalOf(error);
        if (kind === undefined) throw error;
        return { kind };
      }
    },
  };
}

function requestOf({ userCode, requestedAt, status, ip, agent }: DeviceRow): DeviceRequest {
  const time = requestedAt.getTime();
  return { userCode, requestedAt: time, expiresAt: time + DEVICE_CODE_LIFE.ms, status, ip, agent };
}

function refusalOf(error: unknown): (typeof REFUSALS)[number] | undefined {
  if (!isAPIError(error)) return undefined;
  return REFUSALS.find((refusal) => refusal === error.body?.['error']);
}
