import { MAX_PAGE_SIZE } from '../api/key-requests.ts';
import { KEY_ID_PATTERN, KEY_ID_PREFIX_PATTERN } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeySummary } from '../core/key-service.ts';
import { START_PATTERN } from '../core/secret.ts';
import { type IdRule, resolveId } from './resolve-id.ts';
import type { Session } from './session.ts';

/** The key of an id, or of a prefix of one, as {@link resolveId} says; hints come from the active profile. */
export async function resolveKey(text: string, { keys, profileId }: Session, rule: IdRule): Promise<KeySummary> {
  if (START_PATTERN.test(text.slice(0, 8))) {
    const what = 'That is the start of a key, not the id of one: ids look like key_7hq3m2xk9tqw4bnz';
    throw new OutkitError('usage', what, 'outkit keys list');
  }
  return resolveId(
    text,
    {
      noun: 'key',
      prefix: 'key_',
      example: 'key_7hq3m2xk9tqw4bnz',
      beginning: /^key_/,
      pattern: KEY_ID_PATTERN,
      prefixPattern: KEY_ID_PREFIX_PATTERN,
      listCommand: 'outkit keys list',
      listAllCommand: 'outkit keys list --all',
      find: (id) => keys.find(id),
      findByPrefix: (prefix) => keys.findByPrefix(prefix),
      async candidates() {
        const profile = await profileId(undefined);
        const query = { profileId: profile, includeEnded: true, cursor: null, limit: MAX_PAGE_SIZE };
        return (await keys.list(query)).data;
      },
    },
    rule,
  );
}
