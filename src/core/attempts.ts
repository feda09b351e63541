/** What can be guessed. */
export type AttemptKind =
  | 'sign_in'
  | 'setup'
  | 'invitation'
  | 'device_code'
  | 'device_request'
  | 'device_token'
  | 'reset_request'
  | 'reset';

export interface AttemptBy {
  readonly ip: string;
  /** The account that is tried, or the person who tries; `null` where there is neither. */
  readonly account: string | null;
}

/** Limits guessing: each kind has its shares, by address and by account, and both are bounded in memory by the addresses that ask. */
export interface Attempts {
  /** Counts an attempt before it is judged. Throws `rate_limited`, with `retryAfterMs`, when a share is used up. */
  count(kind: AttemptKind, by: AttemptBy): Promise<void>;
  /** Takes the attempt back: it was right, and only failures count. */
  forgive(kind: AttemptKind, by: AttemptBy): Promise<void>;
}
