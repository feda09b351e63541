import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runAndTrace } from './loaded-modules.ts';
import { type Finished, Project, temporaryProject } from './outkit.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const COMMANDS = [
  'init',
  'dev',
  'serve',
  'status',
  'doctor',
  'backup',
  'restore',
  'keys create',
  'keys list',
  'keys stats',
  'keys rotate',
  'keys revoke',
  'audit',
  'audit verify',
  'logs',
  'logs tail',
  'login',
  'logout',
  'whoami',
  'open',
  'people list',
  'people invite',
  'people role',
  'people remove',
  'people invitations',
  'people uninvite',
  'teams list',
  'teams create',
  'teams rename',
  'sessions list',
  'sessions end',
  'gateways list',
  'gateways evict',
];

function outkit(...args: string[]): Promise<Finished> {
  return temporaryProject().run(args);
}

describe.each(COMMANDS)('the help of %s', (command) => {
  const words = command.split(' ');
  let help: Finished;
  beforeAll(async () => {
    const project = new Project();
    help = await project.run([...words, '--help']);
    project.remove();
  });

  it('is the same in three ways, on standard output', async () => {
    expect(help).toMatchObject({ stderr: '', exitCode: 0 });
    expect(await outkit(...words, '-h')).toEqual(help);
    expect(await outkit('help', ...words)).toEqual(help);
    expect(help.stdout).toMatch(new RegExp(`^Usage: outkit ${command}`));
    expect(help.stdout).toMatch(/\nOutput:\n/);
    expect(help.stdout).toMatch(
      /\nExit codes:\n {2}0 ok · 1 failure · 2 usage [\s\S]*4 not allowed [\s\S]*7 unreachable/,
    );
  });

  it('has two examples at least, which need nothing but a server to run as they stand', async () => {
    const examples = [...help.stdout.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line = '']) => line);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      // That no server is found is as far as a line comes which has been typed rightly; a question before that is exit 2.
      const endsOtherwise = ['dev', 'serve', 'doctor', 'backup', 'restore', 'login', 'logout', 'whoami'].includes(
        command,
      );
      const line = endsOtherwise ? `${example} --help` : example;
      const { stderr, exitCode } = temporaryProject().shell(line);
      if (endsOtherwise) expect([example, exitCode]).toEqual([example, 0]);
      else expect(`${example}\n${exitCode} ${stderr}`).toMatch(/\n7 .*No Outkit server|\n2 .* Re-run with -y\./);
    }
  });

  it('fits a terminal of 80 columns', async () => {
    expect(help.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('help', () => {
  it('without a command lists all there are', async () => {
    const [bare, flag, word] = [await outkit(), await outkit('--help'), await outkit('help')];
    expect(bare).toMatchObject({ stderr: '', exitCode: 0 });
    expect(flag).toEqual(bare);
    expect(word).toEqual(bare);
    for (const name of ['dev', 'keys', 'help']) expect(bare.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  it('exit-codes names each of them', async () => {
    const { stdout, exitCode } = await outkit('help', 'exit-codes');
    expect(exitCode).toBe(0);
    const codes = [...stdout.matchAll(/^ +(\d+) {2}\S/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 130, 143]);
  });

  it('environment names each variable', async () => {
    const { stdout, exitCode } = await outkit('help', 'environment');
    expect(exitCode).toBe(0);
    const variables = [...stdout.matchAll(/^ {2}([A-Z_]+) {2}/gm)].map(([, name]) => name);
    const own = [
      'OUTKIT_API_URL',
      'OUTKIT_TOKEN',
      'OUTKIT_CONFIG',
      'OUTKIT_DATA_DIR',
      'OUTKIT_DEBUG',
      'XDG_CONFIG_HOME',
    ];
    expect(variables).toEqual(expect.arrayContaining([...own, 'NO_COLOR', 'FORCE_COLOR', 'CI']));
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('on what there is not is a usage error', async () => {
    const { stdout, stderr, exitCode } = await outkit('help', 'frobnicate');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^Error: .*\n {2}Try: outkit --help\n$/);
  });
});

describe('--version', () => {
  it.each(['--version', '-V'])('%s prints the version and loads no command, no server and no library', async (flag) => {
    const { stdout, stderr, exitCode, loaded } = await runAndTrace(temporaryProject(), [flag]);
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
    const ours = /\/(bin\/outkit|dist\/(cli|chunk-\w+))\.js$/;
    expect(loaded.filter((url) => !ours.test(url))).toEqual([]);
  });
});
