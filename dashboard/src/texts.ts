import type { Role } from '../../src/core/authorization.ts';
import type { Environment } from '../../src/core/environment.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { KeyStatus } from '../../src/core/key.ts';

/** Every word that the dashboard shows, by the part of it that shows it. */

const NUMBER = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const number = (value: number) => NUMBER.format(value);
/** Such as `12.4K`: for places where digits would not fit. */
export const shortNumber = (value: number) => (Math.abs(value) < 10_000 ? number(value) : COMPACT.format(value));

export const counted = (count: number, noun: string) => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

const STATUSES: Readonly<Record<KeyStatus, string>> = {
  active: 'Active',
  rotating: 'Rotating',
  expired: 'Expired',
  revoked: 'Revoked',
  archived: 'Archived',
};
const ENVIRONMENTS: Readonly<Record<Environment, string>> = {
  development: 'Development',
  staging: 'Staging',
  production: 'Production',
};
const ROLES: Readonly<Record<Role, string>> = { owner: 'Owner', admin: 'Admin', member: 'Member' };

/** Errors in words for people in a browser; where there are none, the server's own are good. */
const PROBLEMS: Readonly<Partial<Record<ErrorCode, string>>> = {
  unreachable: 'The server does not answer. It may be restarting, or the network is away.',
  timeout: 'The server took too long to answer.',
  bad_answer: 'What answered is no Outkit server of this version. Load the page again.',
  unavailable: 'The server cannot answer truthfully right now.',
  internal: 'Something failed in the server. Its log says what.',
  not_found: 'That is not here, or not for you.',
};

export const texts = {
  product: 'Outkit',
  title: (page: string) => `${page} · Outkit`,
  skip: 'Skip to the content',
  loading: 'Loading',
  retry: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'The browser did not let us copy. Select the text and copy it yourself.',
  status: STATUSES,
  environment: ENVIRONMENTS,
  role: ROLES,
  problem: { title: 'That did not work', byCode: PROBLEMS, unexpected: 'Something unexpected happened in this page.' },
  nav: {
    label: 'Sections',
    keys: 'Keys',
    log: 'Live log',
    profiles: 'Profiles',
    people: 'People',
    gateways: 'Gateways',
  },
  account: {
    menu: 'Account',
    local: 'This machine',
    localHint: 'outkit dev has no accounts',
    sessions: 'Password and sessions',
    signOut: 'Sign out',
    theme: 'Appearance',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  },
  place: {
    team: 'Team',
    profile: 'Profile',
    noProfile: 'No profile',
    newProfile: 'New profile…',
    archived: 'archived',
    noTeam: {
      title: 'You are in no team',
      text: 'Ask an owner or admin of a team for an invitation. Its link opens here.',
    },
    firstProfile: {
      title: 'Begin with a profile',
      text: 'A profile holds the design of your answers and their plan. Keys belong to one.',
      member: 'This team has no profile yet. Its owners and admins can make one.',
    },
    profileDialog: {
      title: 'New profile',
      name: 'Name',
      nameHint: 'Such as Web, or the name of your app.',
      create: 'Create profile',
      creating: 'Creating…',
      created: (name: string) => `${name} is there`,
    },
  },
  session: {
    title: 'You are signed out',
    text: 'Your session has ended, here or from elsewhere. Nothing was lost.',
    again: 'Sign in again',
  },
  lost: { title: 'Not here', text: 'There is no such page.', home: 'To the keys' },
  keys: {
    title: 'Keys',
    summary: {
      active: 'Active keys',
      served: 'Served in 24 h',
      errors: 'Errors',
      limited: 'Over the limit',
      refused: 'Refused',
    },
    create: 'New key',
    createFirst: 'Create the first key',
    search: 'Search keys',
    searchHint: 'Name, id or first characters',
    anyEnvironment: 'All environments',
    anyStatus: 'Any status',
    environmentFilter: 'Environment',
    statusFilter: 'Status',
    showEnded: 'Show ended',
    table: (profile: string) => `Keys of ${profile}`,
    name: 'Name',
    secret: 'Key',
    environment: 'Environment',
    status: 'Status',
    lastUsed: 'Last used',
    activity: 'Last 24 h',
    never: 'never',
    justNow: 'just now',
    until: (time: string) => `old secret ends ${time}`,
    expires: (time: string) => `expires ${time}`,
    served: (served: number, errors: number) =>
      `${number(served)} served, ${counted(errors, 'error')} in the last 24 hours`,
    shown: (shown: number, all: number) =>
      shown === all ? counted(all, 'key') : `${number(shown)} of ${counted(all, 'key')}`,
    more: (count: number) => `Show ${number(count)} more`,
    tooMany: (count: number) => `Only the newest ${number(count)} keys are here. The command line finds the others.`,
    none: {
      title: 'No keys yet',
      first: 'A key lets your backend use the renderer. It is made in this browser, and takes a minute.',
      may: 'Or in the folder of your app: this makes one and puts it where your code reads it.',
      command: 'outkit init',
      member: 'Owners and admins of this team create keys.',
    },
    noneFound: { title: 'No key fits', text: 'Nothing here fits these filters.', clear: 'Clear filters' },
    keyboard: 'Press / to search, and the arrow keys to move between keys.',
  },
  key: {
    back: 'All keys',
    facts: 'Facts',
    id: 'Id',
    created: 'Created',
    createdBy: (who: string) => `by ${who}`,
    expires: 'Expires',
    never: 'Never',
    limit: 'Limit',
    perMinute: (limit: number) => `${number(limit)} requests a minute`,
    ofPlan: 'That of the plan',
    lastUsed: 'Last used',
    revoked: 'Revoked',
    reason: 'Reason',
    oldSecret: 'Old secret',
    oldSecretUntil: (time: string) => `accepted until ${time}`,
    requests: 'Requests',
    window: 'Time',
    windows: { hour: '1 h', day: '24 h', week: '7 days', month: '30 days', quarter: '90 days' },
    series: { served: 'Served', errors: 'Errors', refused: 'Refused' },
    chart: (served: number, errors: number, refused: number) =>
      `${number(served)} served, ${counted(errors, 'error')}, ${number(refused)} refused`,
  },
} as const;
