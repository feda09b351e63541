import { OutkitError } from '../../core/errors.ts';

/** What a URL may say besides where and who: how the connection is encrypted. All else is set by the store, which must not be overruled. */
const PARAMETERS: readonly string[] = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'];

/** `invalid_config`, without a word of the URL: there may be a password in it. */
export function checkDatabaseUrl(url: string): void {
  if (!URL.canParse(url) || !/^postgres(ql)?:\/\//.test(url)) {
    throw new OutkitError(
      'invalid_config',
      'The database URL is none.',
      'Write it like postgres://user@host:5432/database.',
    );
  }
  const isKnown = [...new URL(url).searchParams.keys()].every((name) => PARAMETERS.includes(name));
  if (isKnown) return;
  throw new OutkitError(
    'invalid_config',
    `The database URL has a parameter other than ${PARAMETERS.join(', ')}.`,
    'Take it out: Outkit sets time limits and what a commit waits for.',
  );
}
