import { isIP } from 'node:net';
import * as v from 'valibot';
import { email } from '../api/people.ts';
import { LIMIT_SCOPES } from '../core/key-service.ts';
import { isSafeOrigin, isSafeTransport } from '../core/loopback.ts';
import { isNetwork } from './client-address.ts';

/** When what was counted is safe from a loss of power. */
export const USAGE_SYNCS = ['second', 'always'] as const;

export const LOG_LEVELS = ['error', 'warn', 'info'] as const;

const MAX_NAMES = 50;
const MAX_PATH_LENGTH = 4096;

/** How a setting is written where everything is text, in flags and in the environment. */
type SettingForm = 'text' | 'number' | 'list' | 'switch';

interface Setting {
  readonly variable: string;
  readonly form: SettingForm;
  /** Only settings that are no secret and that people try out have one: a command line is seen by all users of a machine. */
  readonly flag?: string;
  /** False for what must not stand in a file that is copied and committed. */
  readonly inFile: boolean;
}

function setting(variable: string, form: SettingForm = 'text', flag?: string): Setting {
  return { variable, form, inFile: true, ...(flag === undefined ? {} : { flag }) };
}

/** Each setting by its name: in `outkit.server.json` a dot is a nested object. */
export const SETTINGS = {
  dataDirectory: setting('OUTKIT_DATA_DIR', 'text', '--data-dir'),
  databaseUrl: { ...setting('DATABASE_URL'), inFile: false },
  databaseUrlFile: setting('OUTKIT_DATABASE_URL_FILE'),
  redisUrl: { ...setting('REDIS_URL'), inFile: false },
  redisUrlFile: setting('OUTKIT_REDIS_URL_FILE'),
  limits: setting('OUTKIT_LIMITS', 'text', '--limits'),
  gatewayName: setting('OUTKIT_GATEWAY_NAME'),
  workers: setting('OUTKIT_WORKERS', 'number', '--workers'),
  host: setting('OUTKIT_HOST', 'text', '--host'),
  port: setting('OUTKIT_PORT', 'number', '--port'),
  publicUrl: setting('OUTKIT_PUBLIC_URL', 'text', '--public-url'),
  hosts: setting('OUTKIT_HOSTS', 'list'),
  behindProxy: setting('OUTKIT_BEHIND_PROXY', 'switch', '--behind-proxy'),
  trustedProxies: setting('OUTKIT_TRUSTED_PROXIES', 'list'),
  secret: { ...setting('OUTKIT_SECRET'), inFile: false },
  secretFile: setting('OUTKIT_SECRET_FILE'),
  'owner.email': setting('OUTKIT_OWNER_EMAIL'),
  'owner.name': setting('OUTKIT_OWNER_NAME'),
  'owner.passwordFile': setting('OUTKIT_OWNER_PASSWORD_FILE'),
  'oidc.issuer': setting('OUTKIT_OIDC_ISSUER'),
  'oidc.clientId': setting('OUTKIT_OIDC_CLIENT_ID'),
  'oidc.clientSecretFile': setting('OUTKIT_OIDC_CLIENT_SECRET_FILE'),
  'oidc.label': setting('OUTKIT_OIDC_LABEL'),
  'smtp.url': setting('OUTKIT_SMTP_URL'),
  'smtp.host': setting('OUTKIT_SMTP_HOST'),
  'smtp.port': setting('OUTKIT_SMTP_PORT', 'number'),
  'smtp.user': setting('OUTKIT_SMTP_USER'),
  'smtp.passwordFile': setting('OUTKIT_SMTP_PASSWORD_FILE'),
  'smtp.from': setting('OUTKIT_SMTP_FROM'),
  auditHeadsFile: setting('OUTKIT_AUDIT_HEADS_FILE'),
  usageSync: setting('OUTKIT_USAGE_SYNC', 'text', '--usage-sync'),
  metricsTokenFile: setting('OUTKIT_METRICS_TOKEN_FILE'),
  eventDays: setting('OUTKIT_EVENT_DAYS', 'number'),
  eventLimit: setting('OUTKIT_EVENT_LIMIT', 'number'),
  logLevel: setting('OUTKIT_LOG_LEVEL'),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** Text that `isRight` says yes to, with `rule` as the one message for all that is wrong with it. */
function text(rule: string, isRight: (text: string) => boolean) {
  return v.pipe(v.string(rule), v.check(isRight, rule));
}

const path = text('must be a path', (name) => /^[^\0]+$/.test(name) && name.length <= MAX_PATH_LENGTH);
const label = (rule: string) => text(rule, (words) => /^[^\p{C}]{1,100}$/u.test(words));
const isHostName = (name: string) =>
  isIP(name) !== 0 || /^(?=.{1,253}$)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})*$/i.test(name);

const port = wholeNumber(1, 65_535, 'must be a port, a number from 1 to 65535');

function wholeNumber(min: number, max: number, rule = `must be a whole number from ${min} to ${max}`) {
  return v.pipe(v.number(rule), v.integer(rule), v.minValue(min, rule), v.maxValue(max, rule));
}

function listOf(rule: string, isRight: (text: string) => boolean) {
  return v.pipe(v.array(text(rule, isRight), rule), v.maxLength(MAX_NAMES, `must have at most ${MAX_NAMES} entries`));
}

const PUBLIC_URL_RULE =
  'must be the address that people use, such as https://outkit.example.com: https (http on this machine only), without user, password or path';
const ISSUER_RULE = 'must be the https address of an OpenID Connect issuer (http on this machine only)';
const SMTP_URL_RULE = 'must be smtp://host or smtps://host, with a port and a user as needed, and nothing behind them';
const FROM_RULE = 'must be an e-mail address, alone or as Name <address>';

const isIssuer = (issuer: string) => {
  if (!URL.canParse(issuer)) return false;
  const url = new URL(issuer);
  return isSafeTransport(url) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
};

const isSmtpUrl = (address: string) => {
  if (!/^smtps?:\/\//i.test(address) || !URL.canParse(address)) return false;
  const { hostname, pathname, search, hash, username, password } = new URL(address);
  const isBare = /^\/?$/.test(pathname) && search === '' && hash === '';
  return isBare && isHostName(hostname.replace(/^\[|\]$/g, '')) && isPercentEncoded(username + password);
};

function isPercentEncoded(text: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(text));
  } catch {
    return false;
  }
}

const isSender = (sender: string) => {
  const address = /^[^\p{C}<>"(),:;\\]{1,100} <([^<>]+)>$/u.exec(sender)?.[1] ?? sender;
  return v.is(email, address);
};

/** Closed, and each message is a rule: no value is ever repeated. */
export const settingsSchema = v.strictObject({
  dataDirectory: v.optional(path),
  databaseUrl: v.optional(v.string('must be a text')),
  databaseUrlFile: v.optional(path),
  redisUrl: v.optional(v.string('must be a text')),
  redisUrlFile: v.optional(path),
  limits: v.optional(v.picklist(LIMIT_SCOPES, `must be ${LIMIT_SCOPES.join(' or ')}`)),
  gatewayName: v.optional(label('must be a name of 1 to 100 characters')),
  workers: v.optional(wholeNumber(1, 64)),
  host: v.optional(text('must be an address to listen on, such as 127.0.0.1 or ::', isHostName)),
  port: v.optional(port),
  publicUrl: v.optional(text(PUBLIC_URL_RULE, isSafeOrigin)),
  hosts: v.optional(listOf('must be a list of host names, such as outkit.example.com', isHostName)),
  behindProxy: v.optional(v.boolean('must be true or false')),
  trustedProxies: v.optional(
    listOf('must be a list of addresses and networks, such as 10.0.0.5 or 10.0.0.0/8, not of everybody', isNetwork),
  ),
  secret: v.optional(v.string('must be a text')),
  secretFile: v.optional(path),
  'owner.email': v.optional(email),
  'owner.name': v.optional(label('must be a name of 1 to 100 characters')),
  'owner.passwordFile': v.optional(path),
  'oidc.issuer': v.optional(text(ISSUER_RULE, isIssuer)),
  'oidc.clientId': v.optional(text('must be the id of a client', (id) => /^[\x21-\x7e]{1,255}$/.test(id))),
  'oidc.clientSecretFile': v.optional(path),
  'oidc.label': v.optional(label('must be the words of a button, 1 to 100 characters')),
  'smtp.url': v.optional(text(SMTP_URL_RULE, isSmtpUrl)),
  'smtp.host': v.optional(text('must be a host name or address', isHostName)),
  'smtp.port': v.optional(port),
  'smtp.user': v.optional(text('must be a user name', (user) => /^[^\p{C}]{1,255}$/u.test(user))),
  'smtp.passwordFile': v.optional(path),
  'smtp.from': v.optional(text(FROM_RULE, isSender)),
  auditHeadsFile: v.optional(path),
  usageSync: v.optional(v.picklist(USAGE_SYNCS, `must be ${USAGE_SYNCS.join(' or ')}`)),
  metricsTokenFile: v.optional(path),
  eventDays: v.optional(wholeNumber(1, 90)),
  eventLimit: v.optional(wholeNumber(1_000, 10_000_000)),
  logLevel: v.optional(v.picklist(LOG_LEVELS, `must be ${LOG_LEVELS.join(', ')}`)),
});

export type SettingValues = v.InferOutput<typeof settingsSchema>;
