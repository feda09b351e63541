import type { Accounts } from '../core/accounts.ts';
import type { Attempts } from '../core/attempts.ts';
import type { AuditedChange } from '../core/audit.ts';
import { OutkitError } from '../core/errors.ts';
import type { SignedIn, SignInService } from '../core/sign-in-service.ts';
import { personChange } from './me-services.ts';

interface DeviceSignInPorts {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly auditedBy: <Result>(who: SignedIn, change: AuditedChange, work: () => Promise<Result>) => Promise<Result>;
}

type DeviceSignIns = Pick<SignInService, 'requestDevice' | 'findDevice' | 'answerDevice' | 'redeemDevice'>;

/** Devices that a person lets in by typing their code. */
export function deviceSignIns({ accounts, attempts, auditedBy }: DeviceSignInPorts): DeviceSignIns {
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
      const answer = await auditedBy(who, change, () => devices.answer(userCode, who.session, isApproved));
      if (answer === 'answered') await attempts.forgive('device_code', by);
      return answer;
    },
    async redeemDevice(deviceCode, origin) {
      const by = { ip: origin.ip, account: null };
      await attempts.count('device_token', by);
      const redemption = await devices.redeem(deviceCode, origin);
      if (redemption.kind !== 'invalid_grant') await attempts.forgive('device_token', by);
      return redemption;
    },
  };
}

function noSuchCode(): OutkitError {
  return new OutkitError('not_found', 'No device waits for this code', 'outkit login');
}
