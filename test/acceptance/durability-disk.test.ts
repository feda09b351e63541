import { expect, it } from 'vitest';
import { type KnownKey, newCreate, observed, roleAtRenderer, send } from './durability-client.ts';
import { newPlaintext } from './durability-model.ts';
import { expectResolved, keyIds } from './durability-oracle.ts';
import { ServerProcess } from './durability-server.ts';
import { injecting, requireStrace, tracedCalls, tracing } from './durability-strace.ts';
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

it.for([
  ['cannot sync (EIO)', 'fsync', 'EIO'],
  ['is full (ENOSPC)', 'pwrite64', 'ENOSPC'],
] as const)(
  'on a disk that %s changes are refused as unavailable, keys are judged on, and nothing acknowledged is lost',
  async ([, call, error], context) => {
    requireStrace(context);
    const { project, atStart } = await projectAndCalls(call);
    // Some changes go well first: each of them makes the call at least once.
    const fault = `${call}:error=${error}:when=${atStart + 25}+`;
    const server = await ServerProcess.start(project, { through: injecting(fault) });
    const { keys, profileId } = server;

    const acknowledged: KnownKey[] = [];
    let failed = newCreate();
    let refusal: unknown = null;
    while (refusal === null && acknowledged.length < 40) {
      try {
        acknowledged.push(await send(keys, profileId, failed));
        failed = newCreate();
      } catch (error) {
        refusal = error;
      }
    }
    expect(refusal).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/^The database .+\.$/) });
    expect(acknowledged.length).toBeGreaterThan(0);
    // Never taken back as if the disk were well again: who asks twice is refused twice.
    const [first] = acknowledged;
    if (first === undefined) throw new Error('nothing was acknowledged');
    for (const change of [
      () => send(keys, profileId, failed),
      () => send(keys, profileId, newCreate()),
      () => keys.revoke(first.id, null),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: 'unavailable' });
    }
    for (const { state } of acknowledged) {
      for (const [secret, role] of state.roles) expect(await roleAtRenderer(server, secret)).toBe(role);
    }
    expect(await roleAtRenderer(server, newPlaintext())).toBeNull();
    expect(server.stderr).toContain('Warning: request');
    const { exitCode, signal } = await server.kill('SIGTERM');
    expect({ exitCode, signal }).toEqual({ exitCode: expect.any(Number), signal: null });
    expect(exitCode).not.toBe(0);

    const again = await ServerProcess.start(project);
    for (const { id, state } of acknowledged) expect(await observed(again, id, state.roles.keys())).toEqual(state);
    const resolved = await expectResolved(again, failed);
    expect((await keyIds(again)).sort()).toEqual([...acknowledged, resolved].map(({ id }) => id).sort());
    await again.kill('SIGTERM');
  },
);
