import type { SignInService } from '../../core/sign-in-service.ts';
import { deviceSignIns } from './device-sign-ins.ts';
import { identitySignIns } from './identity-sign-ins.ts';
import { invitationSignIns } from './invitation-sign-ins.ts';
import { passwordResets } from './password-resets.ts';
import { passwordSignIns } from './password-sign-ins.ts';
import { setup } from './setup.ts';
import { type SignInPorts, signInTools } from './sign-in-tools.ts';

/** All ways in. */
export function signInServices(ports: SignInPorts): SignInService {
  const tools = signInTools(ports);
  return {
    ...setup(tools),
    ...passwordSignIns(tools),
    ...passwordResets(tools),
    ...identitySignIns(tools),
    ...invitationSignIns(tools),
    ...deviceSignIns(tools),
  };
}
