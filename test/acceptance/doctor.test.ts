import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { findings, formsOf } from './canary-search.ts';
import { type DevServer, startDev } from './dev-server.ts';
import { examine, findingsOf, NAMES } from './doctor-report.ts';
import { KEY, type Project, temporaryProject } from './outkit.ts';
import { answering, silent } from './relay.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

const LOCAL = '\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}';
const NEW_KEY = 'outkit keys create -n "dev key" --env-file';

/** A repository in which all is well but for the value of `OUTKIT_API_KEY` in its ignored env file. */
function projectWith(value: string): Project {
  const project = server.newProject({
    gitignore: '.env.local\n',
    files: { '.env.local': `OUTKIT_API_KEY=${value}\n` },
  });
  chmodSync(project.path('.env.local'), 0o600);
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'first');
  return project;
}

function mint(): string {
  return mintSecret('development', (bytes) => crypto.getRandomValues(bytes));
}

function mintedSecret(plaintext = mint()) {
  return { hash: hashSecret(plaintext), start: startOf(plaintext) };
}

describe('doctor, where all is well', () => {
  it('passes every check, and its list ends on a terminal without a problem', async () => {
    const { key, plaintext } = await server.newKey();
    const project = projectWith(plaintext);
    const report = await examine(project, [plaintext]);
    expect(report.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(findingsOf(report, 'key')[0]?.detail).toContain(`of dev key (${key.id}, development) is active`);

    const terminal = project.terminal(['doctor'], { columns: 100, rows: 40 });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(
      new RegExp(`^✓ node {8}v\\d+\\.\\d+\\.\\d+.*
✓ config {6}/.*/outkit\\.json
✓ server {6}http://127\\.0\\.0\\.1:\\d+ \\(the running outkit dev of this project\\) answers within \\d+ ms
✓ version {5}\\d+\\.\\d+\\.\\d+, here and on the server
✓ tls {9}not needed: the server is on this machine
✓ clock {7}agrees with that of the server
✓ logins {6}no login is kept here
✓ credential {2}the credential of outkit dev, which only you can read: the server takes it
✓ profile {5}Default \\(${server.profileId}, pro\\)
✓ env-file {4}\\.env\\.local, ignored by git
✓ browser {5}no key is in a variable that browsers get
✓ build {7}no build output so far
✓ files {7}no key in 2 files
✓ history {5}no key in 1 commit
✓ key {9}OUTKIT_API_KEY in \\.env\\.local:1: ${startOf(plaintext)}•••••••• of dev key \\(${key.id},
 {14}development\\) is active
15 passed$`),
    );
    expect(terminal.output()).not.toMatch(KEY);
  });

  it('is a line for each check on a pipe, with the summary on standard error', async () => {
    const { plaintext } = await server.newKey();
    const { stdout, stderr, exitCode } = await projectWith(plaintext).run(['doctor']);
    const lines = stdout
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.split('\t'));
    expect(lines.map(([name]) => name)).toEqual(NAMES);
    expect(new Set(lines.map((fields) => fields.length))).toEqual(new Set([4]));
    expect({ stderr, exitCode }).toEqual({ stderr: '15 passed\n', exitCode: 0 });
  });

  it('sends the server the hash of a key, and nothing of the key itself', async () => {
    const { plaintext } = await server.newKey();
    const requests: string[] = [];
    const relay = createServer(async (request, response) => {
      const { method = 'GET', url: path = '/', rawHeaders } = request;
      const body = await text(request);
      requests.push([method, path, ...rawHeaders, body].join('\n'));
      const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' };
      const answer = await fetch(new URL(path, server.url), { method, headers, ...(body === '' ? {} : { body }) });
      const type = answer.headers.get('content-type') ?? '';
      response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
    });
    onTestFinished(() => {
      relay.close();
      relay.closeAllConnections();
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const env = { OUTKIT_API_URL: url, OUTKIT_TOKEN: 'any', OUTKIT_API_KEY: plaintext };
    const report = await examine(projectWith(plaintext), [plaintext], { env });
    expect(findingsOf(report, 'key').map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    const sent = new Map([['requests', Buffer.from(requests.join('\n'))]]);
    expect(findings(sent, formsOf(plaintext))).toEqual([]);
    expect(requests.join('\n')).toContain(hashSecret(plaintext));
  });
});

describe('doctor, from the machine to the server', () => {
  it('without a server and a configuration runs what needs neither', async () => {
    const report = await examine(temporaryProject(), []);
    expect(findingsOf(report, 'config')).toMatchObject([{ verdict: 'warn', fix: 'outkit dev' }]);
    expect(findingsOf(report, 'server')).toMatchObject([
      { verdict: 'fail', fix: expect.stringMatching(/^outkit dev, or .*outkit login/) },
    ]);
    for (const name of ['version', 'tls', 'clock', 'credential', 'profile', 'files', 'history']) {
      expect(findingsOf(report, name)).toMatchObject([{ verdict: 'skip' }]);
    }
    expect(findingsOf(report, 'key')).toMatchObject([{ verdict: 'warn', fix: NEW_KEY }]);
  });

  it('tells that the outkit dev of the project has ended', async () => {
    const dead = await startDev();
    onTestFinished(() => dead.stop());
    await dead.kill();
    const report = await examine(dead.project, []);
    const detail = `The outkit dev of this project, at ${dead.url}, has ended`;
    expect(findingsOf(report, 'server')).toEqual([{ verdict: 'fail', detail, fix: 'outkit dev' }]);
    chmodSync(dead.project.path('.outkit/credential'), 0o644);
    expect(findingsOf(await examine(dead.project, []), 'credential')).toMatchObject([{ verdict: 'fail' }]);
  });

  it('tells a foreign server from ours', async () => {
    const OUTKIT_API_URL = await answering(200, 'text/html', '<title>Router</title>');
    const report = await examine(projectWith(mint()), [], { env: { OUTKIT_API_URL, OUTKIT_TOKEN: 't' } });
    const detail = `What answers at ${OUTKIT_API_URL} is not an Outkit server`;
    expect(findingsOf(report, 'server')).toEqual([{ verdict: 'fail', detail, fix: 'check --api-url' }]);
    expect(findingsOf(report, 'key')).toMatchObject([{ verdict: 'skip' }]);
  });

  it('waits for a silent server for a while only', async () => {
    const OUTKIT_API_URL = await silent(() => {});
    const start = performance.now();
    const report = await examine(projectWith(mint()), [], { env: { OUTKIT_API_URL, OUTKIT_TOKEN: 't' } });
    expect(performance.now() - start).toBeLessThan(14_000);
    expect(findingsOf(report, 'server')[0]?.detail).toBe(`${OUTKIT_API_URL} did not answer within 10 s`);
  });

  it('tells another version, and a clock that is off', async () => {
    const health = { status: 'ok', version: '9.9.9', time: new Date(Date.now() - 3_600_000).toISOString() };
    const OUTKIT_API_URL = await answering(200, 'application/json', JSON.stringify(health));
    const report = await examine(projectWith(mint()), [], { env: { OUTKIT_API_URL, OUTKIT_TOKEN: 't' } });
    expect(findingsOf(report, 'version')).toMatchObject([{ verdict: 'warn', fix: 'npm install -g outkit@9.9.9' }]);
    expect(findingsOf(report, 'clock')[0]).toMatchObject({ verdict: 'fail' });
    expect(findingsOf(report, 'clock')[0]?.detail).toMatch(/^this machine is (3599|3600|3601) s ahead of the server$/);
  });

  it('tells where a configuration is broken', async () => {
    const project = temporaryProject({ files: { 'outkit.json': '{\n  "profile": "x"\n}\n' } });
    const report = await examine(project, []);
    expect(findingsOf(report, 'config')).toMatchObject([{ verdict: 'fail' }]);
    expect(findingsOf(report, 'config')[0]?.detail).toMatch(/outkit\.json:2: profile must be a profile id/);
    expect(findingsOf(report, 'server')).toMatchObject([{ verdict: 'skip' }]);
  });

  it('tells that others can read the credential, and the command mends it', async () => {
    const { plaintext } = await server.newKey();
    const project = projectWith(plaintext);
    const path = server.project.path('.outkit/credential');
    chmodSync(path, 0o644);
    onTestFinished(() => chmodSync(path, 0o600));
    const [finding] = findingsOf(await examine(project, [plaintext]), 'credential');
    expect(finding).toMatchObject({ verdict: 'fail', fix: `chmod 600 ${path}` });
    project.shell(finding?.fix ?? '');
    expect((await examine(project, [plaintext])).ok).toBe(true);
  });

  it('tells that the server refuses the token, or does not have the profile', async () => {
    const { plaintext } = await server.newKey();
    const wrong = await examine(projectWith(plaintext), [plaintext], { env: { OUTKIT_TOKEN: 'wrong' } });
    expect(findingsOf(wrong, 'credential')).toMatchObject([{ verdict: 'fail', fix: 'unset OUTKIT_TOKEN' }]);
    expect(findingsOf(wrong, 'key')).toMatchObject([{ verdict: 'skip' }]);
    const project = server.newProject({ files: { 'outkit.json': '{ "profile": "prof_3333333333333333" }' } });
    expect(findingsOf(await examine(project, []), 'profile')).toMatchObject([
      { verdict: 'fail', fix: `outkit profiles use ${server.profileId}` },
    ]);
  });
});

describe('doctor, about the key', () => {
  /** The one finding about the key that stands in the env file. */
  async function aboutKey(plaintext: string, secrets: readonly string[] = [plaintext]) {
    const [finding, ...others] = findingsOf(await examine(projectWith(plaintext), secrets), 'key');
    expect(others).toEqual([]);
    return finding;
  }

  it('that was revoked', async () => {
    const { key, plaintext } = await server.newKey();
    await server.keys.revoke(key.id, null);
    const finding = await aboutKey(plaintext);
    expect(finding).toMatchObject({ verdict: 'fail', fix: `${NEW_KEY} --force` });
    expect(finding?.detail).toMatch(new RegExp(` is refused: it was revoked on ${LOCAL}$`));
  });

  it('that has expired', async () => {
    const { plaintext } = await server.newKey({ expiresAt: Date.now() + 1_000 });
    await setTimeout(1_100);
    expect((await aboutKey(plaintext))?.detail).toMatch(new RegExp(` is refused: it expired on ${LOCAL}$`));
  });

  it('whose secret is the old one, and then the new one', async () => {
    const { key, plaintext } = await server.newKey();
    const next = mint();
    await server.keys.rotate(key.id, { secret: mintedSecret(next), graceMs: 3_600_000, replaceNew: false });
    const old = await aboutKey(plaintext, [plaintext, next]);
    const fix = `outkit keys rotate ${key.id} --replace-new --env-file`;
    expect(old).toMatchObject({ verdict: 'warn', fix });
    expect(old?.detail).toMatch(new RegExp(` is the old secret, accepted until ${LOCAL}: put the new one there`));
    expect(await aboutKey(next)).toMatchObject({ verdict: 'pass' });
    await server.keys.endGrace(key.id);
    const ended = await aboutKey(plaintext);
    expect(ended).toMatchObject({ verdict: 'fail', fix: `outkit keys rotate ${key.id} --env-file --force` });
    expect(ended?.detail).toMatch(new RegExp(` is refused: it was replaced, and ended on ${LOCAL}$`));
  });

  it('that is at its limit', async () => {
    const { key, plaintext } = await server.newKey({ rateLimitPerMinute: 1 });
    expect(await server.render(plaintext)).toBe(200);
    const finding = await aboutKey(plaintext);
    expect(finding).toMatchObject({ verdict: 'warn', fix: `outkit keys stats ${key.id}` });
    expect(finding?.detail).toMatch(/ is at its limit of 1 a minute; all of it is free again in \d+ s$/);
  });

  it('that another server minted', async () => {
    const foreign = mint();
    const project = projectWith(foreign);
    const [finding] = findingsOf(await examine(project, [foreign]), 'key');
    expect(finding).toMatchObject({ verdict: 'fail', fix: `${NEW_KEY} --force` });
    expect(project.shell(`${finding?.fix} --no-show`)).toMatchObject({ exitCode: 0 });
    expect(findingsOf(await examine(project, [foreign]), 'key')).toMatchObject([{ verdict: 'pass' }]);
  });

  it('that was damaged on the way', async () => {
    const { plaintext } = await server.newKey();
    const damaged = `${plaintext.slice(0, -1)}${plaintext.endsWith('x') ? 'y' : 'x'}`;
    expect(await aboutKey(damaged, [plaintext, damaged])).toEqual({
      verdict: 'fail',
      detail: `OUTKIT_API_KEY in .env.local:1: ${startOf(plaintext)}•••••••• is damaged, its checksum is wrong`,
      fix: `${NEW_KEY} --force`,
    });
  });

  it('that is none of ours: nothing of the value is shown', async () => {
    const stranger = 'sk_live_51HfoundInAnotherProject';
    const { stdout } = await projectWith(stranger).run(['doctor']);
    expect(stdout).toContain('OUTKIT_API_KEY in .env.local:1 holds something that is no Outkit key');
    expect(stdout).not.toContain('sk_live');
  });

  it('of the environment, before that of the file', async () => {
    const [inFile, inEnvironment] = [await server.newKey(), await server.newKey()];
    const env = { OUTKIT_API_KEY: inEnvironment.plaintext };
    const secrets = [inFile.plaintext, inEnvironment.plaintext];
    const report = await examine(projectWith(inFile.plaintext), secrets, { env });
    const details = findingsOf(report, 'key').map(({ detail }) => detail);
    expect(details[0]).toMatch(new RegExp(`^OUTKIT_API_KEY of the environment: .*${inEnvironment.key.id}`));
    expect(details[1]).toMatch(new RegExp(`^OUTKIT_API_KEY in \\.env\\.local:1: .*${inFile.key.id}`));
  });

  it('in a variable that bundlers give to browsers', async () => {
    const { key, plaintext } = await server.newKey();
    const project = projectWith(plaintext);
    writeFileSync(project.path('.env'), `A=1\nexport VITE_OUTKIT_API_KEY="${plaintext}"\n`);
    const [finding] = findingsOf(await examine(project, [plaintext]), 'browser');
    expect(finding).toEqual({
      verdict: 'fail',
      detail: `VITE_OUTKIT_API_KEY in .env:2 gives ${startOf(plaintext)}•••••••• of dev key (${key.id}, development) to every browser: rename it, and treat the key as leaked`,
      fix: `outkit keys rotate ${key.id} --grace 0 --env-file`,
    });
  });
});
