import { PERSON_ID_PATTERN } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { MemberSummary, TeamSummary } from '../core/people-service.ts';
import { commandLine } from './command-line.ts';
import type { Session } from './session.ts';

/** The member with that address or id. Throws `usage` for what is neither, and `not_found`. */
export async function chosenMember(
  text: string,
  team: TeamSummary,
  { people }: Pick<Session, 'people'>,
): Promise<MemberSummary> {
  const hint = commandLine(['people', 'list', '--team', team.id]);
  if (!text.includes('@') && !PERSON_ID_PATTERN.test(text)) {
    throw new OutkitError('usage', 'People are named by e-mail address or id, such as person_7hq3m2xk9tqw4bnz', hint);
  }
  const address = text.toLowerCase();
  const found = (await people.list(team.id)).find(({ personId, email }) => personId === text || email === address);
  if (found !== undefined) return found;
  throw new OutkitError('not_found', `Nobody in ${team.name} has that address or id`, hint);
}
