import * as v from 'valibot';
import type { SmtpSettings } from '../accounts/mail.ts';
import { password as passwordSchema } from '../api/people.ts';
import type { GatheredSettings } from './gathered-settings.ts';
import { readSecretFile } from './secret-file.ts';
import type { SettingName, SettingValues } from './serve-settings.ts';

/** Who owns the first team. */
export interface OwnerSettings {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** The identity provider, and how this server is known there. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Words of the button. */
  readonly label: string;
}

/** RFC 8314: TLS from the first byte, and mail submission with STARTTLS. */
const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;

/** The first owner; `null` when none is given. */
export function readOwner(gathered: GatheredSettings, userId: number | null): OwnerSettings | null {
  if (!isWanted(gathered, ['owner.email', 'owner.passwordFile'], ['owner.name'])) return null;
  const secret = readSecretOf(gathered, 'owner.passwordFile', userId) ?? '';
  const judged = v.safeParse(passwordSchema, secret);
  if (!judged.success) gathered.refuse('owner.passwordFile', `names a file whose password ${judged.issues[0].message}`);
  const { 'owner.email': email = '', 'owner.name': name = email.split('@')[0] ?? '' } = gathered.values;
  return { email, name, password: secret };
}

/** Sign-in by an identity provider; `null` without one. */
export function readOidc(gathered: GatheredSettings, userId: number | null): OidcSettings | null {
  if (!isWanted(gathered, ['oidc.issuer', 'oidc.clientId', 'oidc.clientSecretFile'], ['oidc.label'])) return null;
  const { values } = gathered;
  return {
    issuer: values['oidc.issuer'] ?? '',
    clientId: values['oidc.clientId'] ?? '',
    clientSecret: readSecretOf(gathered, 'oidc.clientSecretFile', userId) ?? '',
    label: values['oidc.label'] ?? 'Single sign-on',
  };
}

/** How mail is sent; `null` without it. A user and a password in the URL are percent-encoded. */
export function readSmtp(gathered: GatheredSettings, userId: number | null): SmtpSettings | null {
  const { values } = gathered;
  const isByUrl = gathered.isGiven('smtp.url');
  const inUrl = ['smtp.host', 'smtp.port', 'smtp.user'] as const;
  if (!isWanted(gathered, [isByUrl ? 'smtp.url' : 'smtp.host', 'smtp.from'], [...inUrl, 'smtp.passwordFile']))
    return null;
  for (const name of inUrl.filter((name) => isByUrl && gathered.isGiven(name))) {
    gathered.refuse(name, 'is given beside smtp.url, which says it already: leave one of them out');
  }
  const named = isByUrl ? serverOfUrl(values['smtp.url'] ?? 'smtp://localhost') : serverOfNames(values);
  if (named.password !== '' && gathered.isFromFile('smtp.url')) {
    const way = 'put that into a file of its own, and name it as smtp.passwordFile';
    gathered.refuse('smtp.url', `must not hold a password: ${way}`);
  }
  const { host, port, isImplicitTls, user } = named;
  const password = readSecretOf(gathered, 'smtp.passwordFile', userId) ?? named.password;
  if ((user === '') !== (password === '') && !gathered.isRefused('smtp.passwordFile')) {
    gathered.refuse(isByUrl ? 'smtp.url' : 'smtp.user', 'needs a user and a password, or neither');
  }
  const login = user === '' ? null : { user, password };
  return { host, port, isImplicitTls, login, from: values['smtp.from'] ?? '' };
}

interface NamedServer extends Pick<SmtpSettings, 'host' | 'port' | 'isImplicitTls'> {
  readonly user: string;
  readonly password: string;
}

function serverOfUrl(text: string): NamedServer {
  const { protocol, hostname, port, username, password } = new URL(text);
  const isImplicitTls = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isImplicitTls ? SMTPS_PORT : SUBMISSION_PORT) : Number(port),
    isImplicitTls,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

function serverOfNames(values: SettingValues): NamedServer {
  const { 'smtp.host': host = '', 'smtp.port': port = SUBMISSION_PORT, 'smtp.user': user = '' } = values;
  return { host, port, isImplicitTls: port === SMTPS_PORT, user, password: '' };
}

/** Whether a group of settings is given; when some of it is, then what it needs is noted as missing. */
function isWanted(gathered: GatheredSettings, needed: readonly SettingName[], other: readonly SettingName[]): boolean {
  const given = [...needed, ...other].filter((name) => gathered.isGiven(name));
  if (given.length === 0) return false;
  for (const name of needed) if (!gathered.isGiven(name)) gathered.refuse(name, `is needed beside ${given[0]}`);
  return true;
}

/** The text of the file that a setting names; `null`, and noted, when it is not to be used. */
export function readSecretOf(
  gathered: GatheredSettings,
  name: Extract<SettingName, `${string}File`>,
  userId: number | null,
): string | null {
  const named = gathered.values[name];
  if (named === undefined) return null;
  const file = readSecretFile(gathered.resolved(name, named), userId);
  if (file.kind === 'read') return file.text;
  gathered.refuse(name, file.what);
  return null;
}
