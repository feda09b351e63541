import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { requireStrace } from '../require-strace.ts';
import { render } from './dev-server.ts';
import { newPlaintext } from './durability-model.ts';
import { ServerProcess } from './durability-server.ts';
import { injectInto } from './durability-strace.ts';
import { type Project, temporaryProject } from './outkit.ts';
import { makeKeys } from './usage-client.ts';

function journalOf(project: Project): string {
  const [name = ''] = readdirSync(project.path('.outkit')).filter((file) => /^usage-.*\.journal$/.test(file));
  return project.path(`.outkit/${name}`);
}

it('while the journal cannot be written every request of a known key is answered 503, and then again as before, each counted once', async (context) => {
  requireStrace(context);
  const project = temporaryProject();
  const server = await ServerProcess.start(project);
  const { accepted, revoked } = await makeKeys(server);
  expect(await render(server.url, accepted.plaintext)).toBe(200);

  const mend = await injectInto(server.pid, 'write:error=ENOSPC', journalOf(project));
  const refused = await fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': accepted.plaintext } });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toEqual({
    error: 'Unavailable',
    detail: 'The server cannot count this request now, so it does not answer it',
    code: 'unavailable',
  });
  for (const { plaintext } of [accepted, revoked]) expect(await render(server.url, plaintext)).toBe(503);
  // Nobody's requests are nobody's usage, and whoever looks after keys is not kept from it.
  expect(await render(server.url, newPlaintext())).toBe(401);
  expect(await server.keys.stats(accepted.id, DAY_MS)).toMatchObject({ served: 1, serverErrors: 0 });
  expect(server.stderr.match(/the usage journal cannot be written/g)).toHaveLength(1);
  await mend();

  expect(await render(server.url, accepted.plaintext)).toBe(200);
  expect(await render(server.url, revoked.plaintext)).toBe(401);
  // Answers leave at the end of a turn of the server, and their ends are written at that of the next: the second of these comes behind it.
  for (let turn = 0; turn < 2; turn++) expect(await render(server.url, newPlaintext())).toBe(401);
  await server.kill('SIGKILL');
  const again = await ServerProcess.start(project);
  expect(await again.keys.stats(accepted.id, DAY_MS)).toMatchObject({ served: 2, serverErrors: 0 });
  expect(await again.keys.stats(revoked.id, DAY_MS)).toMatchObject({ refused: 1, serverErrors: 0 });
  expect(await again.kill('SIGTERM')).toEqual({ exitCode: 0, signal: null });
});
