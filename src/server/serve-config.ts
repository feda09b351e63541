import { lstatSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { SmtpSettings } from '../accounts/mail.ts';
import { isLoopbackHost } from '../core/loopback.ts';
import {
  type OidcSettings,
  type OwnerSettings,
  readOidc,
  readOwner,
  readSecretOf,
  readSmtp,
} from './account-settings.ts';
import { PRIVATE_NETWORKS } from './client-address.ts';
import { type DatabaseSettings, readDatabase } from './database-settings.ts';
import { GatheredSettings, type SettingSources } from './gathered-settings.ts';
import { DEFAULT_RETENTION } from './retention.ts';
import { weaknessOf } from './secret-strength.ts';
import type { LOG_LEVELS, USAGE_SYNCS } from './serve-settings.ts';

/** Everything that `outkit serve` is told, read once and judged as a whole. Paths are absolute. */
export interface ServeConfig extends DatabaseSettings {
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  /** Origin that people and links use, such as `https://outkit.example.com`. */
  readonly publicUrl: string;
  /** Names that the server answers to, in lower case: that of `publicUrl`, and further ones. */
  readonly hosts: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is believed; empty without a proxy. */
  readonly trustedProxies: readonly string[];
  readonly secret: string;
  /** Made at the first start, when nobody owns a team. */
  readonly owner: OwnerSettings | null;
  readonly oidc: OidcSettings | null;
  readonly smtp: SmtpSettings | null;
  readonly auditHeadsFile: string | null;
  readonly usageSync: (typeof USAGE_SYNCS)[number];
  /** Opens `/metrics` from other machines; `null` leaves them out. */
  readonly metricsToken: string | null;
  /** How long render events are kept, and how many at most. */
  readonly eventDays: number;
  readonly eventLimit: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

export interface ServeConfigSources extends SettingSources {
  /** `null` where files have no numeric owner. */
  readonly userId: number | null;
  /** Flags of Node itself. */
  readonly nodeFlags: readonly string[];
}

/** What fits into `Authorization: Bearer`. */
const BEARER_TOKEN = /^[\x21-\x7e]{1,512}$/;

const MAKE_SECRET = '(umask 077; openssl rand -base64 48 > outkit.secret), then OUTKIT_SECRET_FILE=outkit.secret';

/** Reads the configuration, or throws one `invalid_config` that has a line for all that is wrong or unsafe. Never repeats a value. */
export function readServeConfig(sources: ServeConfigSources): ServeConfig {
  const gathered = new GatheredSettings(sources);
  const { values } = gathered;
  refuseUnsafeNode(gathered, sources);
  const dataDirectory = readDataDirectory(gathered, sources);
  const host = values.host ?? '127.0.0.1';
  const port = values.port ?? 4680;
  const trustedProxies = readTrustedProxies(gathered);
  const publicUrl = readPublicUrl(gathered, host, port, trustedProxies);
  const secret = readSecret(gathered, sources.userId);
  const owner = readOwner(gathered, sources.userId);
  const oidc = readOidc(gathered, sources.userId);
  const smtp = readSmtp(gathered, sources.userId);
  const database = readDatabase(gathered, sources.userId);
  const metricsToken = readMetricsToken(gathered, sources.userId);
  gathered.throwIfRefused();
  return {
    ...database,
    dataDirectory,
    host,
    port,
    publicUrl,
    hosts: [...new Set([new URL(publicUrl).hostname, ...(values.hosts ?? [])].map((name) => name.toLowerCase()))],
    trustedProxies,
    secret,
    owner,
    oidc,
    smtp,
    auditHeadsFile:
      values.auditHeadsFile === undefined ? null : gathered.resolved('auditHeadsFile', values.auditHeadsFile),
    usageSync: values.usageSync ?? 'second',
    metricsToken,
    eventDays: values.eventDays ?? DEFAULT_RETENTION.eventDays,
    eventLimit: values.eventLimit ?? DEFAULT_RETENTION.eventLimit,
    logLevel: values.logLevel ?? 'info',
  };
}

/** What would weaken every connection of the process, in or out. */
function refuseUnsafeNode(gathered: GatheredSettings, { env, nodeFlags }: ServeConfigSources): void {
  const isLenient = (flag: string) => flag.replaceAll('_', '-') === '--insecure-http-parser';
  const reason = 'a request could be smuggled past a proxy';
  if ((env['NODE_OPTIONS'] ?? '').split(/\s+/).some(isLenient)) {
    gathered.refuseSource(`NODE_OPTIONS: holds --insecure-http-parser, with which ${reason}: take it out`);
  }
  if (nodeFlags.some(isLenient)) {
    gathered.refuseSource(`node: runs with --insecure-http-parser, with which ${reason}: start it without`);
  }
  if ((env['BETTER_AUTH_TELEMETRY'] ?? '') !== '') {
    gathered.refuseSource('BETTER_AUTH_TELEMETRY: would report on this server to somebody else: unset it');
  }
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    gathered.refuseSource(
      'NODE_TLS_REJECT_UNAUTHORIZED: is 0, so that certificates are not checked: unset it; for a certificate authority of your own there is NODE_EXTRA_CA_CERTS',
    );
  }
}

function readDataDirectory(gathered: GatheredSettings, { cwd, userId }: ServeConfigSources): string {
  const { dataDirectory: named } = gathered.values;
  const directory = named === undefined ? join(cwd, 'outkit-data') : gathered.resolved('dataDirectory', named);
  try {
    const stats = lstatSync(directory, { throwIfNoEntry: false });
    if (stats?.isDirectory() && userId !== null && (stats.mode & 0o077) !== 0) {
      gathered.refuse(
        'dataDirectory',
        'names a directory that is open to other users of this machine: chmod 700 on it',
      );
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    gathered.refuse('dataDirectory', `names a directory that cannot be looked at (${code})`);
  }
  return directory;
}

function readTrustedProxies(gathered: GatheredSettings): readonly string[] {
  const { behindProxy, trustedProxies } = gathered.values;
  if (behindProxy === false && trustedProxies !== undefined) {
    gathered.refuse('trustedProxies', 'has no meaning while behindProxy is false: leave one of them out');
  }
  return trustedProxies ?? (behindProxy === true ? PRIVATE_NETWORKS : []);
}

function readPublicUrl(
  gathered: GatheredSettings,
  host: string,
  port: number,
  trustedProxies: readonly string[],
): string {
  const { values } = gathered;
  const { publicUrl } = values;
  const hostInUrl = isIP(host) === 6 ? `[${host}]` : host;
  const isLocal = isLoopbackHost(hostInUrl);
  const proxyIsJudged = !gathered.isRefused('trustedProxies') && !gathered.isRefused('behindProxy');
  if (!isLocal && trustedProxies.length === 0 && proxyIsJudged) {
    gathered.refuse(
      'host',
      'would speak plain HTTP to other machines: listen on 127.0.0.1, or put a proxy with TLS before it and add --behind-proxy',
    );
  }
  const isProxyMissing = values.behindProxy === undefined && values.trustedProxies === undefined && proxyIsJudged;
  if (isLocal && isProxyMissing && publicUrl !== undefined && !isLoopbackHost(new URL(publicUrl).hostname)) {
    gathered.refuse(
      'behindProxy',
      'is needed, since people reach this address through a proxy: add --behind-proxy; with false all of them have the address of the proxy, and one who guesses passwords locks out the others',
    );
  }
  if (publicUrl !== undefined) return new URL(publicUrl).origin;
  if (!isLocal) gathered.refuse('publicUrl', 'is needed: the https address that people use');
  return `http://${hostInUrl}:${port}`;
}

function readMetricsToken(gathered: GatheredSettings, userId: number | null): string | null {
  const token = readSecretOf(gathered, 'metricsTokenFile', userId);
  if (token === null) return null;
  const weakness = BEARER_TOKEN.test(token) ? weaknessOf(token) : 'must be printable ASCII without spaces';
  const make = '(umask 077; openssl rand -base64 48 > metrics.token)';
  if (weakness !== null) gathered.refuse('metricsTokenFile', `names a file whose token ${weakness}: ${make}`);
  return token;
}

function readSecret(gathered: GatheredSettings, userId: number | null): string {
  const { secret: given, secretFile } = gathered.values;
  if (given !== undefined && secretFile !== undefined) {
    gathered.refuse('secretFile', 'is given beside OUTKIT_SECRET: leave one of them out');
  }
  const name = given === undefined ? 'secretFile' : 'secret';
  const secret = given ?? readSecretOf(gathered, 'secretFile', userId);
  if (secret === null && !gathered.isGiven('secretFile')) {
    gathered.refuse('secretFile', `is needed: make a secret with ${MAKE_SECRET}`);
  }
  const weakness = secret === null ? null : weaknessOf(secret);
  if (weakness !== null) gathered.refuse(name, `${weakness}: make a random one with ${MAKE_SECRET}`);
  return secret ?? '';
}
