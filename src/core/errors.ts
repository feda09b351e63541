/**
 * The one catalogue of errors: code -> HTTP status, class name in renderer answers, exit code of the command line.
 * `docs/errors.md` is generated from it. Exit codes: `outkit help exit-codes`.
 */
export const ERRORS = {
  bad_request: { status: 400, name: 'BadRequest', exitCode: 2, meaning: 'The request is not well formed.' },
  validation_failed: {
    status: 422,
    name: 'ValidationError',
    exitCode: 2,
    meaning: 'The JSON does not fit the schema.',
  },
  unauthenticated: { status: 401, name: 'Unauthorized', exitCode: 4, meaning: 'The control API needs a valid token.' },
  forbidden: { status: 403, name: 'Forbidden', exitCode: 4, meaning: 'The caller may not do this.' },
  key_missing: { status: 401, name: 'Unauthorized', exitCode: 4, meaning: 'No API key was sent.' },
  key_malformed: { status: 401, name: 'Unauthorized', exitCode: 4, meaning: 'What was sent is not an Outkit key.' },
  key_unknown: { status: 401, name: 'Unauthorized', exitCode: 4, meaning: 'The server does not know this key.' },
  key_revoked: {
    status: 401,
    name: 'Unauthorized',
    exitCode: 4,
    meaning: 'The key, or this secret of it, was revoked.',
  },
  key_superseded: {
    status: 401,
    name: 'Unauthorized',
    exitCode: 4,
    meaning: 'The key was rotated and the grace window of the old secret is over.',
  },
  key_expired: { status: 401, name: 'Unauthorized', exitCode: 4, meaning: 'The key is past its expiry date.' },
  key_archived: { status: 401, name: 'Unauthorized', exitCode: 4, meaning: 'The profile of the key was archived.' },
  not_found: { status: 404, name: 'NotFound', exitCode: 3, meaning: 'It does not exist, or is not yours.' },
  method_not_allowed: { status: 405, name: 'MethodNotAllowed', exitCode: 1, meaning: 'The route has no such method.' },
  hash_in_use: { status: 409, name: 'Conflict', exitCode: 5, meaning: 'A hash can serve one key only, and only once.' },
  key_not_active: {
    status: 409,
    name: 'Conflict',
    exitCode: 5,
    meaning: 'The key is revoked or expired, so it cannot be rotated.',
  },
  rotation_in_progress: {
    status: 409,
    name: 'Conflict',
    exitCode: 5,
    meaning: 'The key is in a grace window: its old secret is still accepted.',
  },
  no_rotation: { status: 409, name: 'Conflict', exitCode: 5, meaning: 'The key is in no grace window.' },
  grace_too_long: {
    status: 409,
    name: 'Conflict',
    exitCode: 5,
    meaning: 'A grace window lasts at most 7 days from the rotation.',
  },
  profile_archived: {
    status: 409,
    name: 'Conflict',
    exitCode: 5,
    meaning: 'The profile is archived: it takes neither keys nor changes.',
  },
  last_owner: {
    status: 409,
    name: 'Conflict',
    exitCode: 5,
    meaning: 'A team always has an owner, and this one is its last.',
  },
  already_member: { status: 409, name: 'Conflict', exitCode: 5, meaning: 'That person is in the team already.' },
  too_many_people: {
    status: 409,
    name: 'Conflict',
    exitCode: 5,
    meaning: 'The team has as many members or open invitations as a team can have.',
  },
  invitation_ended: {
    status: 410,
    name: 'Gone',
    exitCode: 5,
    meaning: 'The invitation was used or revoked, or is too old.',
  },
  no_accounts: {
    status: 409,
    name: 'Conflict',
    exitCode: 5,
    meaning: 'The server is an outkit dev: it has no accounts, only the one local credential.',
  },
  input_too_large: { status: 413, name: 'InputTooLargeError', exitCode: 2, meaning: 'The body is over the limit.' },
  unsupported_media_type: {
    status: 415,
    name: 'UnsupportedMediaType',
    exitCode: 2,
    meaning: 'Bodies are uncompressed JSON in UTF-8.',
  },
  expectation_failed: { status: 417, name: 'ExpectationFailed', exitCode: 1, meaning: 'Only 100-continue is known.' },
  misdirected_host: {
    status: 421,
    name: 'MisdirectedRequest',
    exitCode: 1,
    meaning: 'The Host header names a host that this server does not answer for.',
  },
  rate_limited: { status: 429, name: 'RateLimitExceeded', exitCode: 6, meaning: 'The key is over its limit for now.' },
  too_many_tails: {
    status: 429,
    name: 'TooManyTails',
    exitCode: 6,
    meaning: 'The caller follows as many live logs as one may at once.',
  },
  headers_too_large: {
    status: 431,
    name: 'HeadersTooLarge',
    exitCode: 1,
    meaning: 'The request headers are too large.',
  },
  internal: { status: 500, name: 'InternalError', exitCode: 1, meaning: 'The server failed; its log says why.' },
  unavailable: { status: 503, name: 'Unavailable', exitCode: 7, meaning: 'The server cannot answer truthfully now.' },
  unreachable: { status: null, name: 'Unreachable', exitCode: 7, meaning: 'No server answers at that address.' },
  timeout: { status: null, name: 'Timeout', exitCode: 7, meaning: 'The server did not answer in time.' },
  bad_answer: {
    status: null,
    name: 'BadAnswer',
    exitCode: 1,
    meaning: 'The server answered what no Outkit server answers.',
  },
  usage: { status: null, name: 'Usage', exitCode: 2, meaning: 'The command was typed wrongly.' },
  needs_terminal: {
    status: null,
    name: 'NeedsTerminal',
    exitCode: 2,
    meaning: 'A question would be asked, and nobody is there.',
  },
  ambiguous_id: { status: null, name: 'AmbiguousId', exitCode: 2, meaning: 'Several ids begin like this.' },
  not_logged_in: { status: null, name: 'NotLoggedIn', exitCode: 4, meaning: 'There is no credential for this server.' },
  invalid_config: { status: null, name: 'InvalidConfig', exitCode: 1, meaning: 'A configuration file cannot be used.' },
  env_file_refused: {
    status: null,
    name: 'EnvFileRefused',
    exitCode: 1,
    meaning: 'The env file cannot be written safely.',
  },
  env_value_exists: {
    status: null,
    name: 'EnvValueExists',
    exitCode: 2,
    meaning: 'The env file holds another value under this name.',
  },
  env_file_failed: { status: null, name: 'EnvFileFailed', exitCode: 1, meaning: 'Writing the env file failed.' },
  app_file: { status: null, name: 'AppFile', exitCode: 1, meaning: 'A file of the app cannot be written safely.' },
  database_server: {
    status: null,
    name: 'DatabaseServer',
    exitCode: 1,
    meaning: 'The PostgreSQL server cannot be used.',
  },
  data_directory: { status: null, name: 'DataDirectory', exitCode: 1, meaning: 'The data directory cannot be used.' },
  credential_store: {
    status: null,
    name: 'CredentialStore',
    exitCode: 1,
    meaning: 'What this machine keeps of logins cannot be used.',
  },
  backup_file: {
    status: null,
    name: 'BackupFile',
    exitCode: 1,
    meaning: 'The backup cannot be written, or is none that can be restored.',
  },
  address_in_use: { status: null, name: 'AddressInUse', exitCode: 1, meaning: 'The address cannot be listened on.' },
  audit_broken: {
    status: null,
    name: 'AuditBroken',
    exitCode: 1,
    meaning: 'The audit log is not what was written: an entry was changed, removed, cut off or rewritten.',
  },
  unconfirmed: {
    status: null,
    name: 'Unconfirmed',
    exitCode: 1,
    meaning: 'The change is committed, but a gateway has not confirmed it (--strict).',
  },
  cancelled: { status: null, name: 'Cancelled', exitCode: 130, meaning: 'The person cancelled.' },
  terminated: { status: null, name: 'Terminated', exitCode: 143, meaning: 'SIGTERM ended the command.' },
} as const satisfies Record<string, ErrorKind>;

interface ErrorKind {
  /** `null` for errors that only the command line has. */
  readonly status: number | null;
  readonly name: string;
  readonly exitCode: number;
  readonly meaning: string;
}

export type ErrorCode = keyof typeof ERRORS;

interface OutkitErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number;
  readonly details?: readonly string[];
}

/** The one error that crosses module borders. Message and hint are safe to show: never a value that came from outside. */
export class OutkitError extends Error {
  readonly code: ErrorCode;
  /** What to do next, as a command or a short sentence. */
  readonly hint: string | null;
  /** After how long it may be tried again; `null` where waiting does not help. */
  readonly retryAfterMs: number | null;
  /** Each a line below the message, where there are several things to tell. */
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, hint: string | null = null, options: OutkitErrorOptions = {}) {
    super(message, options);
    this.name = 'OutkitError';
    this.code = code;
    this.hint = hint;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.details = options.details ?? [];
  }
}
