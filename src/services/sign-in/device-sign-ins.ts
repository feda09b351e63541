import type { DeviceAnswer } from '../../core/accounts.ts';
import { OutkitError } from '../../core/errors.ts';
import type { SignInService } from '../../core/sign-in-service.ts';
import { personChange } from '../me-services.ts';
import type { SignInTools } from './sign-in-tools.ts';

type DeviceSignIns = Pick<SignInService, 'requestDevice' | 'findDevice' | 'answerDevice' | 'redeemDevice'>;

/** Devices that a person lets in by typing their code. */
export function deviceSignIns({ accounts, attempts, start, auditedBy }: SignInTools): DeviceSignIns {
  const { devices } = accounts;
  return {
    async requestDevice(origin) {
      await attempts.count('device_request', { ip: origin.ip, account: null });
      return devices.request(origin);
    },
    async findDevice({ person, origin }, userCode) {
      const by = { ip: origin.ip, account: person.id };
      await attempts.count('device_code', by);
      const found = await devices.find(userCode);
      if (found === null || found.status !== 'pending') throw noSuchCode();
      await attempts.forgive('device_code', by);
      return found;
    },
    async answerDevice(who, userCode, isApproved) {
      const by = { ip: who.origin.ip, account: who.person.id };
      await attempts.count('device_code', by);
      const action = isApproved ? 'device.approve' : 'device.deny';
      const change = personChange(action, who.person.id, { email: who.person.email });
      const isDone = (answer: DeviceAnswer) => answer === 'answered';
      const answer = await auditedBy(who, change, () => devices.answer(userCode, who.session, isApproved), isDone);
      if (isDone(answer)) await attempts.forgive('device_code', by);
      return answer;
    },
    async redeemDevice(deviceCode, origin) {
      const by = { ip: origin.ip, account: null };
      await attempts.count('device_token', by);
      const redemption = await devices.redeem(deviceCode);
      if (redemption.kind !== 'invalid_grant') await attempts.forgive('device_token', by);
      if (redemption.kind !== 'approved') return redemption;
      return { kind: 'started', ...(await start(redemption.person, 'device', origin)) };
    },
  };
}

function noSuchCode(): OutkitError {
  return new OutkitError('not_found', 'No device waits for this code', 'outkit login');
}
