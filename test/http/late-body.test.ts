import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccountsServer, type TestPerson } from '../accounts-server.ts';
import { RawConnection, rawRequest } from './raw-http.ts';

let server: AccountsServer;
let owner: TestPerson;
let teamId: string;

beforeAll(async () => {
  server = await AccountsServer.start();
  owner = await server.owner();
  teamId = (await server.as(owner).teams.list())[0]?.id ?? '';
});
afterAll(async () => {
  await server.stop();
});

/** A request to make a profile, of which the body has not been sent: the server has judged who sends it, and waits. */
async function waiting({ credential }: TestPerson) {
  const connection = await RawConnection.open(server.url);
  const body = '{"name":"Late"}';
  const request = rawRequest({
    method: 'POST',
    target: `/v1/profiles?team=${teamId}`,
    host: new URL(server.url).host,
    headers: [
      ['authorization', `Bearer ${credential}`],
      ['content-type', 'application/json'],
      ['expect', '100-continue'],
    ],
    body,
  });
  connection.send(request.slice(0, -body.length));
  expect((await connection.answer()).status).toBe(100);
  return async () => {
    connection.send(body);
    const { status } = await connection.answer();
    connection.close();
    return status;
  };
}

const profiles = async () =>
  (await server.as(owner).profiles.list({ teamId, includeArchived: false })).map(({ name }) => name);

async function admin(name: string): Promise<TestPerson & { readonly id: string }> {
  const person = await server.join(owner, teamId, `${name}@example.com`, 'admin');
  return { ...person, id: (await server.as(person).me.me()).person?.id ?? '' };
}

it.each<[string, number, (who: { readonly id: string } & TestPerson) => Promise<unknown>]>([
  ['was removed', 404, ({ id }) => server.as(owner).people.remove(teamId, id)],
  ['was made a member', 403, ({ id }) => server.as(owner).people.changeRole(teamId, id, 'member')],
  ['signed out', 401, (who) => server.as(who).me.signOut()],
])('somebody who %s while the body of their request was awaited changes nothing', async (how, status, end) => {
  const who = await admin(how.replaceAll(' ', '-'));
  const finish = await waiting(who);
  await end(who);
  expect(await finish()).toBe(status);
  expect(await profiles()).not.toContain('Late');
});

it('somebody who is still what they were gets what they asked for, however late its body comes', async () => {
  const finish = await waiting(await admin('patient'));
  expect(await finish()).toBe(201);
  expect(await profiles()).toContain('Late');
});
