import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { mistakes, renders } from './canary-requests.ts';
import type { Witness } from './canary-witness.ts';
import type { ServerProcess } from './durability-server.ts';
import type { Project } from './outkit.ts';

interface Life {
  readonly witness: Witness;
  readonly server: ServerProcess;
  readonly project: Project;
  readonly env: Readonly<Record<string, string>>;
}

/** All that can happen to keys while a server runs: by the command line, over HTTP, and by mistake. Resolves to the key in the env file. */
export async function lifeOfKeys(life: Life): Promise<string> {
  const { witness, server, env } = life;
  const inFile = await keyInTheEnvFile(life);
  expect(await renders(witness, server.url, inFile)).toEqual([200, 200, 422]);
  await mintedByTheServer(life);
  await shownKeys(life);
  const limited = await witness.runShowing(['keys', 'create', '-n', 'limited', '--rate-limit', '1'], { env });
  expect(await renders(witness, server.url, limited)).toEqual([200, 429, 429]);
  await mistakes(witness, server, inFile);
  await typedByMistake(life, inFile);
  await filesThatAreRefused(life, inFile);
  return inFile;
}

/** A key that nobody sees: only the env file gets it, and its successor takes its place there. */
async function keyInTheEnvFile({ witness, project, env }: Life): Promise<string> {
  const unseen = async (...args: string[]) => {
    const { exitCode, stderr, stdout } = await witness.run([...args, '--env-file', '--no-show', '--json'], { env });
    expect(exitCode, stderr).toBe(0);
    const [, secret = ''] = /^OUTKIT_API_KEY=(.*)$/m.exec(project.read('.env.local')) ?? [];
    witness.secrets.push(secret);
    return { secret, id: JSON.parse(stdout).id as string };
  };
  const { id } = await unseen('keys', 'create', '-n', 'in a file');
  await unseen('keys', 'rotate', id);
  return (await unseen('keys', 'rotate', id, '--replace-new', '-y')).secret;
}

/** Without a hash in the request the server mints, and answers the plaintext this once. */
async function mintedByTheServer({ witness, server }: Life): Promise<void> {
  const { url, token, profileId } = server;
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const { key, ...rest } = (await response.json()) as { id: string; key: string };
    witness.secrets.push(key);
    witness.keep(`POST ${path}`, JSON.stringify([...response.headers, rest]));
    return rest.id;
  };
  const id = await post(`/v1/profiles/${profileId}/keys`, { name: 'minted there' });
  await post(`/v1/keys/${id}/rotate`, {});
  for (const path of [`/v1/keys/${id}`, `/v1/keys/${id}/stats`, `/v1/profiles/${profileId}/keys?include=revoked`]) {
    await witness.fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  }
}

async function shownKeys({ witness, server, env }: Life): Promise<void> {
  const shown = await witness.runShowing(['keys', 'create', '-n', 'shown', '--json', '--copy'], { env });
  const [row = ''] = (await witness.run(['keys', 'list'], { env })).stdout
    .split('\n')
    .filter((line) => line.includes('shown'));
  const [id = ''] = row.split('\t');
  const rotated = await witness.runShowing(['keys', 'rotate', id, '--copy'], { env });
  expect(await renders(witness, server.url, shown)).toEqual([200, 200, 422]);
  for (const args of [
    ['list', '--all'],
    ['list', '--all', '--json'],
    ['stats', id],
    ['stats', id, '--json'],
  ]) {
    expect((await witness.run(['keys', ...args], { env })).exitCode).toBe(0);
  }
  for (const args of [
    ['--extend', '1h'],
    ['--cancel', '-y'],
  ]) {
    expect((await witness.run(['keys', 'rotate', id, ...args], { env })).exitCode).toBe(0);
  }
  expect(await renders(witness, server.url, rotated)).toEqual([401, 401, 401]);
  await witness.runShowing(['keys', 'rotate', id, '--json'], { env });
  await witness.run(['keys', 'rotate', id, '--end-grace', '-y'], { env });
  const last = await witness.runShowing(['keys', 'rotate', id, '--grace', '0', '-y'], { env });
  expect((await witness.run(['keys', 'revoke', id, '-y', '--reason', 'over'], { env })).exitCode).toBe(0);
  expect(await renders(witness, server.url, last)).toEqual([401, 401, 401]);
  for (const args of [['audit'], ['audit', '--json', '--key', id], ['audit', 'verify']]) {
    expect((await witness.run(args, { env })).exitCode).toBe(0);
  }
}

async function typedByMistake({ witness, env }: Life, secret: string): Promise<void> {
  for (const args of [
    ['keys', 'revoke', secret],
    ['keys', 'stats', secret, '--json'],
    ['keys', 'stats', secret, secret],
    ['keys', 'list', '--profile', secret],
    ['keys', 'create', '-n', secret],
    ['keys', 'create', '-n', 'x', `--env-file=${secret}`],
    ['keys', 'create', '-n', 'x', `--${secret}`],
    ['keys', 'create', '-n', 'x', '--env', secret],
    ['keys', 'create', '-n', 'x', '--expires', secret],
    ['keys', 'revoke', 'key_23456789', '-y', '--reason', `leaked ${secret}`],
    ['keys', 'list', '--api-url', `http://127.0.0.1:1/${secret}`],
    ['keys', 'list', '--config', secret],
    ['keys', secret],
    ['help', secret],
    [secret],
    ['dev', '--data-dir', secret, '--port', 'x'],
    ['dev', '--host', secret],
  ]) {
    expect((await witness.run(args, { env })).exitCode, args.join(' ')).not.toBe(0);
  }
  for (const name of ['OUTKIT_TOKEN', 'OUTKIT_API_URL', 'OUTKIT_CONFIG', 'OUTKIT_DATA_DIR']) {
    await witness.run(['keys', 'list'], { env: { ...env, [name]: secret } });
  }
}

/** Each of these has the key in it before the command and is removed after it: what counts is what the command says. */
async function filesThatAreRefused({ witness, project, env }: Life, secret: string): Promise<void> {
  mkdirSync(project.path('refused'));
  const create = ['keys', 'create', '-n', 'x', '--env-file=refused/.env'];
  for (const [name, contents, args] of [
    ['.env', `OUTKIT_API_KEY=${secret}\n`, create],
    ['.env', `OUTKIT_API_KEY="${secret}\n`, create],
    ['.env', `OUTKIT_API_KEY=${secret}\nOUTKIT_API_KEY=${secret}\n`, create],
    ['.env', `A=${secret}\n`, [...create, '--env-name', 'VITE_KEY']],
    ['.env', `A=${secret}\n`, [...create, '--env-name', secret]],
    ['outkit.json', `{"profile":"${secret}"}`, ['keys', 'list', '--config', 'refused/outkit.json']],
    ['outkit.json', `{"apiKey":"${secret}"}`, ['keys', 'list', '--config', 'refused/outkit.json']],
    ['outkit.json', `{"profile":${secret}`, ['keys', 'list', '--config', 'refused/outkit.json']],
    ['outkit.json', `{"profile":"x","${secret}":1}`, ['keys', 'list', '--config', 'refused/outkit.json']],
  ] as const) {
    project.write(`refused/${name}`, contents);
    expect((await witness.run(args, { env })).exitCode, contents).not.toBe(0);
    expect(project.read(`refused/${name}`)).toBe(contents);
    project.write(`refused/${name}`, '');
  }
}
