import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lifeOfKeys } from './canary-life.ts';
import { mistakes, renders } from './canary-requests.ts';
import { filesBelow, findings, formsOf, hashFormsOf, type Written } from './canary-search.ts';
import { Witness } from './canary-witness.ts';
import { ServerProcess } from './durability-server.ts';
import { type Project, temporaryProject } from './outkit.ts';

/** Node's own crash output: switched on, so that it is searched too. */
const REPORTS = '--report-uncaught-exception --report-on-fatalerror --report-on-signal --report-signal=SIGUSR2';

/** A core holds all memory, whatever the program does, so a server of keys runs without one (systemd: `LimitCORE=0`). */
const WITHOUT_CORE = ['sh', '-c', 'ulimit -c 0; exec "$@"', 'sh'];

/** A project whose home, temporary directory, crash reports and clipboard are all below one directory. */
function watchedProject(): Project {
  const project = temporaryProject({ gitignore: 'node_modules\n' });
  for (const name of ['tmp', 'reports', 'bin']) mkdirSync(`${project.home}/${name}`);
  // Takes the text on its standard input and forgets it; what other processes could see of it, it writes down.
  project.write(
    '../bin/xclip',
    '#!/bin/sh\necho "$0 $@" >>"$HOME/clipboard-arguments"\nenv >>"$HOME/clipboard-arguments"\ncat >/dev/null\n',
  );
  chmodSync(`${project.home}/bin/xclip`, 0o755);
  return project;
}

function environmentOf({ home }: Project): Record<string, string> {
  const PATH = `${home}/bin:${process.env['PATH']}`;
  return {
    TMPDIR: `${home}/tmp`,
    OUTKIT_DEBUG: '1',
    PATH,
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_CACHE_HOME: `${home}/cache`,
  };
}

it('in a whole life of keys no byte that is written holds one, but the env file that was agreed to', {
  timeout: 120_000,
}, async () => {
  const project = watchedProject();
  const env = environmentOf(project);
  const witness = new Witness(project);
  const server = { NODE_OPTIONS: `${REPORTS} --report-directory=${project.home}/reports`, ...env };
  const start = () => ServerProcess.start(project, { through: WITHOUT_CORE, env: server });

  const first = await start();
  const inFile = await lifeOfKeys({ witness, server: first, project, env });
  const reported = () => readdirSync(`${project.home}/reports`).length;
  process.kill(first.pid, 'SIGUSR2');
  await expect.poll(reported).toBe(1);
  const inFlight = Promise.allSettled(witness.secrets.map((secret) => renders(witness, first.url, secret)));
  await first.kill('SIGABRT');
  await inFlight;
  const crashed = filesBelow(project.home);

  const second = await start();
  await mistakes(witness, second, inFile);
  await second.kill('SIGKILL');
  const killed = filesBelow(project.home);
  const third = await start();
  await witness.run(['keys', 'list', '--all', '--json'], { env });
  await third.kill('SIGTERM');

  for (const { stdout, stderr } of [first, second, third]) witness.keep('outkit dev', `${stdout}\n${stderr}`);
  const everything: Written = new Map([
    ...[...crashed].map(([place, bytes]) => [`after a crash: ${place}`, bytes] as const),
    ...[...killed].map(([place, bytes]) => [`after a kill: ${place}`, bytes] as const),
    ...filesBelow(project.home),
    ...witness.written,
  ]);
  expectNoSecret(everything, witness.secrets);
  expectOnlyHashes(everything, witness.secrets);
  expectCredentialInItsFile(project, everything);
});

function expectNoSecret(everything: Written, secrets: readonly string[]): void {
  expect(secrets.length).toBeGreaterThanOrEqual(9);
  const found = secrets.flatMap((secret) => findings(everything, formsOf(secret)));
  const agreedTo = found.filter((place) => /(^|: )app\/\.env\.local: plain of the /.test(place));
  expect(found.filter((place) => !agreedTo.includes(place))).toEqual([]);
  // In each of the three looks, the first 12 and the last 30 characters of the key that stands there now.
  expect(agreedTo).toHaveLength(6);
}

/** The database has them as bytes, and so may its log; nothing else has them, in no form. */
function expectOnlyHashes(everything: Written, secrets: readonly string[]): void {
  const inDatabase = /(^|: )app\/\.outkit\/outkit\.db(-wal)?: SHA-256 as bytes$/;
  for (const secret of secrets) {
    const found = findings(everything, hashFormsOf(secret));
    expect(found).toContain('app/.outkit/outkit.db: SHA-256 as bytes');
    expect(found.filter((place) => !inDatabase.test(place))).toEqual([]);
  }
}

function expectCredentialInItsFile(project: Project, everything: Written): void {
  const credential = project.read('.outkit/credential').trim();
  const found = findings(everything, formsOf(credential));
  expect(found).toContain('app/.outkit/credential: plain of the last 30');
  expect(found.filter((place) => !/(^|: )app\/\.outkit\/credential: plain of /.test(place))).toEqual([]);
  expect(statSync(project.path('.outkit/credential')).mode & 0o777).toBe(0o600);
  expect(statSync(project.path('.env.local')).mode & 0o777).toBe(0o600);
  expect(existsSync(`${project.home}/clipboard-arguments`)).toBe(true);
}
