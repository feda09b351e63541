import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountsServer, type TestPerson } from '../accounts-server.ts';
import { EventReader } from './event-reader.ts';

let server: AccountsServer;
let owner: TestPerson;
let teamId: string;
let profileId: string;

beforeAll(async () => {
  server = await AccountsServer.start();
  owner = await server.owner();
  teamId = (await server.as(owner).teams.list())[0]?.id ?? '';
  profileId = (await server.as(owner).profiles.create({ name: 'P', plan: 'free', design: {} }, teamId)).id;
});
afterAll(() => server.stop());

function follow({ credential }: TestPerson): Promise<EventReader> {
  const path = `/v1/profiles/${profileId}/events/stream`;
  return new EventReader({ url: server.url, path, token: credential }).opened();
}

describe('whoever may not see a live log any more', () => {
  it('loses it: removed from the team, or signed out; everybody else keeps it, of an archived profile too', async () => {
    const removed = await server.join(owner, teamId, 'removed@example.com', 'member');
    const signedOut = await server.join(owner, teamId, 'out@example.com', 'admin');
    const staying = await server.join(owner, teamId, 'staying@example.com', 'member');
    const again = await server.signIn('out@example.com');
    const [ofRemoved, ofSignedOut, ofStaying, ofAgain] = await Promise.all(
      [removed, signedOut, staying, again].map(follow),
    );
    const people = await server.as(owner).people.list(teamId);
    const { personId = '' } = people.find(({ email }) => email === 'removed@example.com') ?? {};
    await server.as(owner).people.remove(teamId, personId);
    await server.as(signedOut).me.signOut();
    await server.as(owner).profiles.archive(profileId);
    await ofRemoved?.closed();
    await ofSignedOut?.closed();
    expect(ofRemoved?.frames).toMatchObject([{ kind: 'end', data: { code: 'not_found', detail: 'No such profile' } }]);
    expect(ofSignedOut?.frames).toMatchObject([{ kind: 'end', data: { code: 'unauthenticated' } }]);
    // Their access was looked at as often.
    for (const reader of [ofStaying, ofAgain]) {
      expect([reader?.isClosed, reader?.frames]).toEqual([false, []]);
      reader?.close();
    }
    const log = server.log.filter((line) => line.includes('"level":"error"'));
    expect(log).toEqual([]);
  });
});
