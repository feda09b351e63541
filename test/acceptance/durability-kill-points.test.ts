import { cpSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IS_LONG, sampled } from '../long-tests.ts';
import { requireStrace } from '../require-strace.ts';
import { isCut, type KnownKey, newCreate, observed, send, type Unknown } from './durability-client.ts';
import { type ChangeKind, newPlaintext } from './durability-model.ts';
import { expectResolved, keyIds } from './durability-oracle.ts';
import { ServerProcess } from './durability-server.ts';
import { injecting, tracedCalls, tracing } from './durability-strace.ts';
import { Project, temporaryProject } from './outkit.ts';

const LIFE: readonly ChangeKind[] = ['rotate', 'extend', 'replace-new', 'cancel', 'rotate', 'end-grace', 'revoke'];
/** What makes a change durable, and `write`, which sends the answer. */
const CALLS = ['pwrite64', 'fsync', 'fdatasync', 'write'] as const;
/** Of some 100 points; `OUTKIT_EVERY_KILL_POINT=1` takes them all. */
const SAMPLE = IS_LONG ? 12 : 6;

/** A point at which the server is killed: before its n-th call of that kind, counted by thread. */
interface KillPoint {
  readonly call: string;
  readonly when: number;
  /** Counts the calls on this file of the project only. */
  readonly path?: string;
}

let prepared: Project;
beforeAll(async () => {
  prepared = new Project();
  const server = await ServerProcess.start(prepared);
  await server.kill('SIGTERM');
});
afterAll(() => prepared.remove());

function preparedProject(): Project {
  const project = temporaryProject();
  cpSync(prepared.directory, project.directory, { recursive: true });
  return project;
}

/** One key through all that can happen to it. Resolves to what is known of it, and the request whose answer was lost. */
async function liveThrough(server: ServerProcess): Promise<{ key: KnownKey | null; unknown: Unknown | null }> {
  let key: KnownKey | null = null;
  for (const kind of [null, ...LIFE]) {
    const request: Unknown =
      key === null || kind === null ? newCreate() : { kind: 'change', key, change: { kind, secret: newPlaintext() } };
    try {
      key = await send(server.keys, server.profileId, request);
    } catch (error) {
      if (isCut(error)) return { key, unknown: request };
      throw error;
    }
  }
  return { key, unknown: null };
}

/** All points from the greeting to the last answer. */
async function pointsOfALife(): Promise<KillPoint[]> {
  const project = preparedProject();
  const file = `${project.home}/calls`;
  const server = await ServerProcess.start(project, { through: tracing(CALLS, file) });
  const before = tracedCalls(file, server.pid);
  expect(await liveThrough(server)).toMatchObject({ unknown: null });
  const after = tracedCalls(file, server.pid);
  await server.kill('SIGKILL');
  return [...after].flatMap(([call, count]) => {
    const first = (before.get(call) ?? 0) + 1;
    return Array.from({ length: count - first + 1 }, (_, index) => ({ call, when: first + index }));
  });
}

async function startKilledAt(project: Project, { call, when, path }: KillPoint): Promise<ServerProcess> {
  return ServerProcess.start(project, {
    through: injecting(`${call}:signal=KILL:when=${when}`, path && project.path(path)),
  });
}

it('a server that is killed before any write, sync or answer of a key’s life has that life up to there', {
  timeout: 900_000,
}, async (context) => {
  requireStrace(context);
  const all = await pointsOfALife();
  const points = sampled(all, process.env['OUTKIT_EVERY_KILL_POINT'] === '1' ? all.length : SAMPLE);
  let killed = 0;
  for (const point of points) {
    const project = preparedProject();
    const server = await startKilledAt(project, point);
    const { key, unknown } = server.readyAfterMs === null ? { key: null, unknown: null } : await liveThrough(server);
    killed += unknown === null ? 0 : 1;
    await server.kill('SIGKILL');

    const again = await ServerProcess.start(project);
    const where = `killed at ${point.call} ${point.when}`;
    const resolved = unknown === null ? key : await expectResolved(again, unknown);
    expect(await keyIds(again), where).toEqual(resolved === null ? [] : [resolved.id]);
    if (resolved !== null) {
      expect(await observed(again, resolved.id, resolved.state.roles.keys()), where).toEqual(resolved.state);
    }
    await again.kill('SIGKILL');
    project.remove();
  }
  // Wake-ups between threads are writes too, and there may be some more or fewer of them.
  expect(killed).toBeGreaterThan(points.length / 2);
  console.log(`${points.length} of ${all.length} kill points, ${killed} reached`);
});

it('a server that is killed during its first start needs no repair: the next one serves', {
  timeout: 300_000,
}, async (context) => {
  requireStrace(context);
  const files = ['.outkit/credential.new', 'outkit.json.new', '.outkit/server.json.new'];
  const inFiles = files.flatMap((path) => ['write', 'fsync'].map((call) => ({ call, when: 1, path })));
  const inDatabase = [1, 12, 40].map((when) => ({ call: 'pwrite64', when }));
  const others = [
    { call: 'rename', when: 1 },
    { call: 'unlink', when: 2 },
    { call: 'fsync', when: 3 },
    { call: 'fsync', when: 9 },
  ];
  const all = [...inFiles, ...inDatabase, ...others];
  const points = IS_LONG ? all : sampled(all, 6);
  let killed = 0;
  for (const point of points) {
    const project = temporaryProject();
    const server = await startKilledAt(project, point);
    killed += server.readyAfterMs === null ? 1 : 0;
    await server.kill('SIGKILL');
    const again = await ServerProcess.start(project);
    expect(again.stderr, `killed at ${JSON.stringify(point)}`).not.toContain('Error');
    const { id } = await send(again.keys, again.profileId, newCreate());
    expect(await keyIds(again)).toEqual([id]);
    expect(await again.kill('SIGTERM')).toEqual({ exitCode: 0, signal: null });
    project.remove();
  }
  expect(killed).toBe(points.length);
});
