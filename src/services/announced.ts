import type { Person } from '../core/accounts.ts';
import type { AuditAuthor, AuditedChange } from '../core/audit.ts';
import type { PeopleStore } from '../core/people-store.ts';

/**
 * Does what is written elsewhere than in the store, and so cannot share a transaction with its audit entry: the entry comes before, and
 * how it went after. An entry that stays without that is shown as unknown. Work that throws has failed, and so has one whose result
 * `isDone` says no to.
 */
export async function announced<Result>(
  store: Pick<PeopleStore, 'announce' | 'settle'>,
  teamIds: readonly string[],
  author: AuditAuthor,
  change: AuditedChange,
  work: () => Promise<Result>,
  isDone: (result: Result) => boolean = () => true,
): Promise<Result> {
  const announcements = await store.announce(teamIds, author, change);
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await store.settle(announcements, author, 'failed');
    throw error;
  }
  await store.settle(announcements, author, isDone(result) ? 'done' : 'failed');
  return result;
}

/** The same in every team of a person, whose account it is about. */
export async function announcedOf<Result>(
  store: Pick<PeopleStore, 'announce' | 'settle' | 'teamsOf'>,
  person: Person,
  author: AuditAuthor,
  change: AuditedChange,
  work: () => Promise<Result>,
  isDone?: (result: Result) => boolean,
): Promise<Result> {
  const teamIds = (await store.teamsOf(person.id)).map(({ team }) => team.id);
  return announced(store, teamIds, author, change, work, isDone);
}
