import { isoTime } from '../../api/bounds.ts';
import type { Me } from '../../core/people-service.ts';
import { credentialFilePath, type FileIo } from '../credentials/credential-file.ts';
import type { CredentialSource } from '../server-choice.ts';

/** Whose a credential is: `ann@example.com`, or that it is nobody's. */
export function personLabel({ person }: Pick<Me, 'person'>): string {
  return person === null ? 'nobody: the local credential of outkit dev' : person.email;
}

/** `Acme (owner), Web (member)` */
export function teamsLabel({
  teams,
}: {
  readonly teams: readonly Pick<Me['teams'][number], 'name' | 'role'>[];
}): string {
  const labels = teams.map(({ name, role }) => `${name} (${role})`);
  return labels.length === 0 ? 'none' : labels.join(', ');
}

/** Where a credential is. */
export function credentialLabel(source: CredentialSource, io: FileIo): string {
  if (source === 'file') return `${credentialFilePath(io)}, which only you can read`;
  if (source === 'keychain') return 'the keychain of this machine';
  return source === 'outkit dev' ? 'the data directory of outkit dev, which only you can read' : source;
}

/** Person, teams and session as `--json` prints them. */
export function meDocument({ person, teams, session }: Me) {
  return {
    person,
    teams: teams.map(({ id, name, role }) => ({ id, name, role })),
    session: session && { id: session.id, expiresAt: isoTime(session.expiresAt) },
  };
}
