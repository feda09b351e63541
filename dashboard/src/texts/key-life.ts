import type { GatewayReport } from '../../../src/core/key-service.ts';
import { counted, number } from '../texts.ts';

/** Words of what is done to a key: it is created, rotated and revoked. */

const PERCENT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

export const keyLifeTexts = {
  leave: 'Leave it',
  caller: (when: string, ip: string, agent: string) => `${when} from ${ip} (${agent})`,
  inForce: ({ confirmed, waitedOut, ms }: GatewayReport) => {
    const report = `in force on ${number(confirmed)}/${number(confirmed + waitedOut)} gateways after ${number(Math.ceil(ms))} ms`;
    return waitedOut === 0
      ? report
      : `${report}; ${number(waitedOut)} did not confirm and may admit nothing until it does`;
  },
  create: {
    title: 'New key',
    text: 'The key is made in this browser. The server gets its SHA-256 and first eight characters, and never the key.',
    nameHint: 'Such as web, or the service that will use it.',
    expiry: 'Expires',
    expiries: {
      keep: 'As it is now',
      never: 'Never',
      '7': 'In 7 days',
      '30': 'In 30 days',
      '90': 'In 90 days',
      '365': 'In a year',
      date: 'On a date…',
    },
    date: 'Last day',
    limit: 'Requests a minute',
    limitHint: 'Empty: the limit of the plan.',
    problems: {
      name: (rule: string) => `The name must be ${rule}.`,
      secret: 'That is a key. A name is seen by the whole team.',
      date: 'Choose a day that is not over.',
      limit: (max: number) => `A whole number from 1 to ${number(max)}, or nothing.`,
    },
    submit: 'Create key',
    pending: 'Creating…',
    lost: 'The key may be there all the same. Trying again is safe: it is the same key. If you leave, look for it in the list and revoke it, since nobody holds it.',
  },
  edit: {
    open: 'Edit…',
    title: (name: string) => `Edit ${name}`,
    text: (end: string | null) =>
      `${end === null ? 'The key has no end.' : `The key ends ${end}.`} What you change is in force at every gateway at once. A key that has ended does not come back.`,
    submit: 'Save',
    pending: 'Saving…',
    done: 'Changed',
  },
  rotate: {
    open: 'Rotate…',
    title: (name: string) => `Rotate ${name}`,
    text: 'The key gets a new secret, made in this browser. Its id, name and counts stay.',
    grace: 'Accept the old secret for',
    atOnce: 'not at all',
    until: (time: string) => `Both work until ${time}. You can end or extend that at any time.`,
    refusedAtOnce: 'The old secret is refused before you have put the new one anywhere.',
    cutOff: 'Whoever uses the key now is cut off at once. Last used:',
    unused: 'never since it was made.',
    submit: 'Rotate key',
    pending: 'Rotating…',
    lost: 'The key may be rotated all the same. Trying again is safe: it is the same secret. If you leave, cancel the rotation on this page, since nobody holds the new secret.',
  },
  replace: {
    title: 'Mint the new secret again?',
    text: 'For when it was lost before anybody saved it. It ends at once; the old secret keeps its end.',
    use: 'The new secret was last used:',
    unused: 'never. Nobody is cut off.',
    submit: 'Mint again',
    lost: 'It may have happened all the same. Trying again is safe: it is the same secret.',
  },
  endGrace: {
    title: 'End the old secret now?',
    safe: 'The new secret is in use and the old one is quiet. It is refused everywhere from now on.',
    unsafe: 'Whoever still calls with the old secret is refused from now on.',
    use: 'The old secret was last used:',
    unused: 'not since the rotation.',
    submit: 'End it now',
  },
  cancel: {
    title: 'Cancel the rotation?',
    text: 'The new secret ends at once, and the old one is the only one again.',
    use: 'The new secret was last used:',
    unused: 'never. Nobody is cut off.',
    submit: 'Cancel the rotation',
  },
  grace: {
    title: 'Rotation',
    safe: 'Safe to end',
    unsafe: 'Not safe to end yet',
    accepted: 'is accepted for',
    until: (time: string) => `more, until ${time}.`,
    oldShare: (share: number, answered: number) =>
      `${PERCENT.format(share)} on the old secret (${counted(answered, 'answer')})`,
    newShare: (share: number) => `${PERCENT.format(share)} on the new one`,
    hour: (time: string, onOld: number, onNew: number) =>
      `${time}: ${counted(onOld, 'answer')} to the old secret, ${number(onNew)} to the new one`,
    chart: (onOld: number, onNew: number) =>
      `Answers of each hour since the rotation: ${number(onOld)} to the old secret, ${number(onNew)} to the new one`,
    noTraffic: 'No requests since the rotation.',
    oldUse: 'Old secret',
    oldUnused: 'not used since the rotation',
    newUse: 'New secret',
    newUnused: 'not used yet',
    end: 'End now…',
    extend: 'Extend',
    extendBy: (span: string) => `By ${span}`,
    replace: 'New secret lost…',
    cancel: 'Cancel rotation…',
    done: { end: 'The old secret has ended', cancel: 'The rotation is undone', extend: 'Extended' },
  },
  revoke: {
    open: 'Revoke…',
    title: (name: string) => `Revoke ${name}?`,
    text: 'Every request with this key is refused from then on, at every gateway. This cannot be undone.',
    requests: (since: string) => `Since ${since}`,
    requestsIn: (count: number) => (count === 0 ? 'no requests' : counted(count, 'request')),
    caller: 'Last caller',
    nobody: 'nobody yet',
    unknown: 'Who uses the key cannot be told right now. It can be revoked all the same.',
    reason: 'Reason',
    reasonHint: 'For the audit log, if you like.',
    typeName: (name: string) => `It is a production key in use. Type ${name} to confirm`,
    submit: 'Revoke key',
    pending: 'Revoking…',
    done: (name: string) => `${name} is revoked`,
    doneText: 'No gateway accepts it any more.',
    unconfirmed: (names: readonly string[]) => `Not confirmed by: ${names.join(', ')}`,
  },
} as const;
