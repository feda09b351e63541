import { expect, it } from 'vitest';
import { requireStrace } from '../require-strace.ts';
import { type KnownKey, newCreate, observed, roleAtRenderer, send, type Unknown } from './durability-client.ts';
import { newPlaintext } from './durability-model.ts';
import { expectResolved, keyIds } from './durability-oracle.ts';
import { ServerProcess } from './durability-server.ts';
import { injecting, tracedCalls, tracing } from './durability-strace.ts';
import { type Project, temporaryProject } from './outkit.ts';

/** A project whose server was started and stopped, and how often a start makes that system call. */
async function projectAndCalls(call: string): Promise<{ project: Project; atStart: number }> {
  const project = temporaryProject();
  await (await ServerProcess.start(project)).kill('SIGTERM');
  const file = `${project.home}/calls`;
  const traced = await ServerProcess.start(project, { through: tracing([call], file) });
  const atStart = tracedCalls(file, traced.pid).get(call) ?? 0;
  await traced.kill('SIGTERM');
  return { project, atStart };
}

/** Creates keys until one is refused: what was acknowledged, what was not, and the refusal. */
async function createUntilRefused({ keys, profileId }: ServerProcess) {
  const acknowledged: KnownKey[] = [];
  for (;;) {
    const request = newCreate();
    try {
      acknowledged.push(await send(keys, profileId, request));
    } catch (refusal) {
      expect(refusal).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/^The database .+\.$/) });
      expect(acknowledged.length).toBeGreaterThan(0);
      return { acknowledged, refused: request };
    }
    if (acknowledged.length > 60) throw new Error('the fault did not strike');
  }
}

/** Starts once more on a good disk: all that was acknowledged is there, and what was refused is wholly there or not at all. */
async function expectNothingLost(project: Project, acknowledged: readonly KnownKey[], refused: Unknown): Promise<void> {
  const again = await ServerProcess.start(project);
  for (const { id, state } of acknowledged) expect(await observed(again, id, state.roles.keys())).toEqual(state);
  const resolved = await expectResolved(again, refused);
  expect((await keyIds(again)).sort()).toEqual([...acknowledged, resolved].map(({ id }) => id).sort());
  await again.kill('SIGTERM');
}

it('on a full disk changes are refused, keys are judged on, and nothing acknowledged is lost', async (context) => {
  requireStrace(context);
  const { project, atStart } = await projectAndCalls('pwrite64');
  // Some changes go well first: each of them makes some thirty of these calls, two for each page.
  const fault = `pwrite64:error=ENOSPC:when=${atStart + 100}+`;
  const server = await ServerProcess.start(project, { through: injecting(fault) });
  const { acknowledged, refused } = await createUntilRefused(server);
  const { keys, profileId } = server;
  await expect(send(keys, profileId, newCreate())).rejects.toMatchObject({ code: 'unavailable' });
  await expect(keys.revoke(acknowledged[0]?.id ?? '', null)).rejects.toMatchObject({ code: 'unavailable' });
  for (const { state } of acknowledged) {
    for (const [secret, role] of state.roles) expect(await roleAtRenderer(server, secret)).toBe(role);
  }
  expect(await roleAtRenderer(server, newPlaintext())).toBeNull();
  expect(server.stderr).toContain('Warning: request');
  const { exitCode, signal } = await server.kill('SIGTERM');
  expect(signal).toBeNull();
  expect(exitCode).not.toBe(0);
  await expectNothingLost(project, acknowledged, refused);
});

it('on a disk that cannot sync the server ends by itself, since a change may be there or not, and nothing acknowledged is lost', async (context) => {
  requireStrace(context);
  const { project, atStart } = await projectAndCalls('fsync');
  const fault = `fsync:error=EIO:when=${atStart + 25}+`;
  const server = await ServerProcess.start(project, { through: injecting(fault) });
  const { acknowledged, refused } = await createUntilRefused(server);
  const { exitCode, signal } = await server.end;
  expect(signal).toBeNull();
  expect(exitCode).not.toBe(0);
  expect(server.stderr).toContain('The database failed while writing. It may hold the last change or not');
  await expectNothingLost(project, acknowledged, refused);
});
