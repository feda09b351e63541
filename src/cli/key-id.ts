import { closest, distance } from 'fastest-levenshtein';
import { MAX_PAGE_SIZE } from '../api/key-requests.ts';
import { KEY_ID_PATTERN, KEY_ID_PREFIX_PATTERN } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeySummary } from '../core/key-service.ts';
import { START_PATTERN } from '../core/secret.ts';
import { withArgument } from './command-line.ts';
import type { Session } from './session.ts';

export interface IdRule {
  /** The command line that has the id, for hints. */
  readonly argv: readonly string[];
  /** Only a whole id will do, because nobody sees which key a prefix stands for before it is changed. */
  readonly wholeId: boolean;
}

const MAX_TYPOS = 3;

/**
 * The key of an id, or of a prefix of one that fits no other. Throws `usage` for what is no id, `not_found` (with the nearest id of
 * the active profile), and `ambiguous_id` with the matches.
 */
export async function resolveKey(text: string, session: Session, rule: IdRule): Promise<KeySummary> {
  if (!text.startsWith('key_')) throw notAnId(text);
  if (KEY_ID_PATTERN.test(text)) return findWhole(text, session, rule);
  if (text.length < 'key_'.length + 4) {
    throw new OutkitError('usage', 'A prefix of an id needs at least 4 characters after key_', 'outkit keys list');
  }
  const matches = KEY_ID_PREFIX_PATTERN.test(text) ? await session.keys.findByPrefix(text) : [];
  const [match, ...others] = matches;
  if (match === undefined) throw await notFound(text, session, rule);
  if (others.length > 0) {
    const names = matches.map((key) => `${key.id} (${key.name})`).join(', ');
    throw new OutkitError('ambiguous_id', `${text} fits ${matches.length} keys: ${names}`, 'a longer prefix');
  }
  if (!rule.wholeId) return match;
  throw new OutkitError(
    'usage',
    'Without a question a prefix is not enough: give the whole id',
    withArgument(rule.argv, text, match.id),
  );
}

async function findWhole(id: string, session: Session, rule: IdRule): Promise<KeySummary> {
  try {
    return await session.keys.find(id);
  } catch (error) {
    if (error instanceof OutkitError && error.code === 'not_found') throw await notFound(id, session, rule);
    throw error;
  }
}

function notAnId(text: string): OutkitError {
  const what = START_PATTERN.test(text.slice(0, 8))
    ? 'That is the start of a key, not the id of one'
    : 'That is no key id';
  return new OutkitError('usage', `${what}: ids look like key_7hq3m2xk9tqw4bnz`, 'outkit keys list');
}

async function notFound(id: string, session: Session, rule: IdRule): Promise<OutkitError> {
  const similar = await nearestId(id, session).catch(() => null);
  const hint = similar === null ? 'outkit keys list --all' : withArgument(rule.argv, id, similar);
  return new OutkitError('not_found', `There is no key ${id}`, hint);
}

/** A help only: without an active profile, or a server that lists, there is none. */
async function nearestId(id: string, { keys, profileId }: Session): Promise<string | null> {
  const page = await keys.list({
    profileId: await profileId(undefined),
    includeEnded: true,
    cursor: null,
    limit: MAX_PAGE_SIZE,
  });
  if (page.data.length === 0) return null;
  const nearest = closest(
    id,
    page.data.map((key) => key.id),
  );
  return distance(id, nearest) <= MAX_TYPOS ? nearest : null;
}
