import { closest, distance } from 'fastest-levenshtein';
import { OutkitError } from '../core/errors.ts';
import { withArgument } from './command-line.ts';

export interface IdRule {
  /** The command line that has the id, for hints. */
  readonly argv: readonly string[];
  /** Only a whole id will do, because nobody sees what a prefix stands for before it is changed. */
  readonly wholeId: boolean;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What ids of one kind look like, and where the things are that have them. */
export interface IdKind<Thing extends Named> {
  readonly noun: 'key' | 'profile' | 'gateway';
  /** With the underscore; empty where ids have none. */
  readonly prefix: string;
  readonly example: string;
  /** Fits every id and every prefix of one, however short. */
  readonly beginning: RegExp;
  readonly pattern: RegExp;
  readonly prefixPattern: RegExp;
  /** Commands that show which ids there are: those in use, and all. */
  readonly listCommand: string;
  readonly listAllCommand: string;
  /** Throws `not_found`. */
  find(id: string): Promise<Thing>;
  findByPrefix(prefix: string): Promise<readonly Thing[]>;
  /** What somebody may have meant, for hints. */
  candidates(): Promise<readonly Named[]>;
}

const MIN_PREFIX_LENGTH = 4;
const MAX_TYPOS = 3;

/**
 * The thing of an id, or of a prefix of one that fits no other. Throws `usage` for what is no id, `not_found` (with the nearest id as
 * the hint), and `ambiguous_id` with the matches.
 */
export async function resolveId<Thing extends Named>(text: string, kind: IdKind<Thing>, rule: IdRule): Promise<Thing> {
  const { noun, prefix, listCommand } = kind;
  if (!kind.beginning.test(text)) {
    const what = `That is no ${noun} id: ids look like ${kind.example}`;
    throw new OutkitError('usage', what, (await hintByName(text, kind, rule)) ?? listCommand);
  }
  if (kind.pattern.test(text)) return findWhole(text, kind, rule);
  if (text.length < prefix.length + MIN_PREFIX_LENGTH) {
    const behind = prefix === '' ? '' : ` after ${prefix}`;
    const what = `A prefix of an id needs at least ${MIN_PREFIX_LENGTH} characters${behind}`;
    throw new OutkitError('usage', what, listCommand);
  }
  const matches = kind.prefixPattern.test(text) ? await kind.findByPrefix(text) : [];
  const [match, ...others] = matches;
  if (match === undefined) throw await notFound(text, kind, rule);
  if (others.length > 0) {
    const names = matches.map(({ id, name }) => `${id} (${name})`).join(', ');
    throw new OutkitError('ambiguous_id', `${text} fits ${matches.length} ${noun}s: ${names}`, 'a longer prefix');
  }
  if (!rule.wholeId) return match;
  throw new OutkitError(
    'usage',
    'Without a question a prefix is not enough: give the whole id',
    withArgument(rule.argv, text, match.id),
  );
}

async function findWhole<Thing extends Named>(id: string, kind: IdKind<Thing>, rule: IdRule): Promise<Thing> {
  try {
    return await kind.find(id);
  } catch (error) {
    if (error instanceof OutkitError && error.code === 'not_found') throw await notFound(id, kind, rule);
    throw error;
  }
}

async function notFound<Thing extends Named>(id: string, kind: IdKind<Thing>, rule: IdRule): Promise<OutkitError> {
  const ids = (await candidatesOf(kind)).map((candidate) => candidate.id);
  const nearest = ids.length === 0 ? '' : closest(id, ids);
  const hint = distance(id, nearest) <= MAX_TYPOS ? withArgument(rule.argv, id, nearest) : kind.listAllCommand;
  return new OutkitError('not_found', `There is no ${kind.noun} ${id}`, hint);
}

/** The command with the id, for somebody who gave the name of one thing. */
async function hintByName<Thing extends Named>(
  text: string,
  kind: IdKind<Thing>,
  rule: IdRule,
): Promise<string | null> {
  const [match, ...others] = (await candidatesOf(kind)).filter(({ name }) => name === text);
  return match === undefined || others.length > 0 ? null : withArgument(rule.argv, text, match.id);
}

/** A help only: without a server that lists, there are none. */
function candidatesOf<Thing extends Named>(kind: IdKind<Thing>): Promise<readonly Named[]> {
  return kind.candidates().catch(() => []);
}
