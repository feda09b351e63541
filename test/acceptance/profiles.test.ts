import { chmodSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { CTRL_C, ENTER } from './terminal.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

async function newProfile(...flags: string[]): Promise<string> {
  const { stdout } = await server.newProject().run(['profiles', 'create', '-n', 'Web', ...flags]);
  return stdout.trim();
}

async function design(id: string): Promise<Record<string, string>> {
  const { stdout } = await server.newProject().run(['profiles', 'show', id, '--json']);
  return JSON.parse(stdout).design;
}

describe('--set', () => {
  it.each([
    ['as the next word', ['--set', '--outkit-primary=#b30069']],
    ['in one word', ['--set=--outkit-primary=#b30069']],
    ['before other flags', ['--set', '--outkit-primary=#b30069', '--plan', 'pro', '--no-color']],
    ['as the last of two', ['--set', '--outkit-primary=red', '--set', '--outkit-primary=#b30069']],
  ])('takes a token %s', async (_, flags) => {
    expect(await design(await newProfile(...flags))).toEqual({ '--outkit-primary': '#b30069' });
  });

  it('comes more than once, through a shell, with spaces in quotes, and is taken away with --unset', async () => {
    const project = server.newProject();
    const flags = "--set --outkit-primary=#b30069 --set=--outkit-font='system-ui, serif' --set --outkit-radius=0";
    const { stdout } = project.shell(`ID=$(outkit profiles create -n Web ${flags}) && echo "$ID"`);
    const id = stdout.trim();
    const all = { '--outkit-primary': '#b30069', '--outkit-font': 'system-ui, serif', '--outkit-radius': '0' };
    expect(await design(id)).toEqual(all);
    project.shell(`outkit profiles update ${id} --unset --outkit-font --unset=--outkit-radius`);
    expect(await design(id)).toEqual({ '--outkit-primary': '#b30069' });
  });
});

describe('a change', () => {
  it('of plan and design is in the next answer of the renderer', async () => {
    const id = await newProfile('--set', '--outkit-primary=red');
    const { plaintext } = await server.newKey({ profileId: id });
    const ask = async () => {
      const response = await fetch(`${server.url}/render/enhance?stream=false`, {
        method: 'POST',
        headers: { 'x-outkit-api-key': plaintext, 'content-type': 'application/json' },
        body: '{"content":"x"}',
      });
      return [response.headers.get('ratelimit-policy'), ((await response.json()) as { design: object }).design];
    };
    expect(await ask()).toEqual(['"key";q=10;w=60', { '--outkit-primary': 'red' }]);
    const update = ['profiles', 'update', id, '--plan', 'pro', '--set', '--outkit-primary=blue'];
    const { stdout, exitCode } = await server.newProject().run(update);
    expect([stdout, exitCode]).toEqual([expect.stringMatching(/: in force on 1\/1 gateways after \d+ ms\n$/), 0]);
    expect(await ask()).toEqual(['"key";q=100;w=60', { '--outkit-primary': 'blue' }]);
  });
});

describe('use', () => {
  it('writes outkit.json of a project that has none, in the working directory', async () => {
    const id = await newProfile();
    const project = server.newProject();
    const { exitCode, stdout } = project.shell(`rm outkit.json && outkit profiles use ${id}`);
    expect([exitCode, stdout]).toEqual([0, `Using Web (${id}): ${project.path('outkit.json')} names it\n`]);
    expect(project.read('outkit.json')).toBe(`{\n  "profile": "${id}"\n}\n`);
    expect(project.names()).toEqual(['outkit.json']);
    expect((await project.run(['keys', 'list'])).stderr).toContain(`No active keys in ${id}`);
  });

  it('changes one value in the nearest one upward, and keeps bytes and mode of the rest', async () => {
    const id = await newProfile();
    const text = (profile: string) =>
      `{\r\n    "$schema": "x",\r\n    "profile" : "${profile}",\r\n\r\n    "envFile":".env"\r\n}`;
    const project = server.newProject({ files: { 'outkit.json': text(server.profileId), 'src/a.txt': '' } });
    chmodSync(project.path('outkit.json'), 0o640);
    expect((await project.run(['profiles', 'use', id], { cwd: 'src' })).exitCode).toBe(0);
    expect(project.read('outkit.json')).toBe(text(id));
    expect(statSync(project.path('outkit.json')).mode & 0o777).toBe(0o640);
    expect(project.names()).toEqual(['outkit.json', 'src']);
  });

  it('refuses a broken file and leaves it', async () => {
    const id = await newProfile();
    const project = server.newProject({ files: { 'outkit.json': '{ "profile": "x",\n }' } });
    const { exitCode, stderr } = await project.run(['profiles', 'use', id]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('outkit.json:2: is not JSON here')]);
    expect(project.read('outkit.json')).toBe('{ "profile": "x",\n }');
  });
});

describe('archive', () => {
  it('asks on a terminal, takes No for an answer, and refuses the keys at once after Yes', async () => {
    const id = await newProfile();
    const { plaintext } = await server.newKey({ profileId: id });
    expect(await server.render(plaintext)).toBe(200);
    const question = `Archive Web (${id}) with 1 active key, last used just now?`;
    for (const keys of [ENTER, CTRL_C]) {
      const asked = server.newProject().terminal(['profiles', 'archive', id.slice(0, 12)], { columns: 140 });
      await asked.answer(question, keys);
      expect(await asked.exitCode).toBe(130);
      expect(asked.isRestored()).toBe(true);
      expect(await server.render(plaintext)).toBe(200);
    }
    const yes = server.newProject().terminal(['profiles', 'archive', id], { columns: 140 });
    await yes.answer(question, 'y');
    expect(await yes.exitCode).toBe(0);
    expect(yes.screen()).toMatch(/\nArchived Web \(prof_\w+\): in force on 1\/1 gateways after \d+ ms$/);
    expect(await server.render(plaintext)).toBe(401);
  });

  it('in a script is one line: needs -y and the whole id, and its keys answer 401 when it returns', async () => {
    const id = await newProfile();
    const { plaintext } = await server.newKey({ profileId: id });
    const project = server.newProject();
    expect((await project.run(['profiles', 'archive', id])).exitCode).toBe(2);
    expect((await project.run(['profiles', 'archive', id.slice(0, 12), '-y'])).exitCode).toBe(2);
    const curl = `curl -s -o /dev/null -w '%{http_code}' ${server.url}/components -H "x-outkit-api-key: $KEY"`;
    const { stdout } = project.shell(`${curl}; outkit profiles archive ${id} -y >/dev/null; ${curl}`, {
      KEY: plaintext,
    });
    expect(stdout).toBe('200401');
    const { stdout: keys } = await project.run(['keys', 'list', '--all', '--profile', id]);
    expect(keys).toMatch(/\tarchived\n$/);
  });
});

it('what was answered stays after kill -9: archived keys are refused, changed plans hold', async () => {
  const first = await startDev();
  const { plaintext } = await first.newKey();
  const project = first.newProject();
  const id = (await project.run(['profiles', 'create', '-n', 'Web'])).stdout.trim();
  const { plaintext: doomed } = await first.newKey({ profileId: id });
  await project.run(['profiles', 'update', first.profileId, '--plan', 'free']);
  await project.run(['profiles', 'archive', id, '-y']);
  await first.kill();
  const second = await startDev(first.project);
  expect(await second.render(doomed)).toBe(401);
  const answer = await fetch(`${second.url}/components`, { headers: { 'x-outkit-api-key': plaintext } });
  expect(answer.headers.get('ratelimit-policy')).toBe('"key";q=10;w=60');
  await second.stop();
});

describe('show and list', () => {
  it('show a swatch on a colour terminal only', async () => {
    const id = await newProfile('--set', '--outkit-primary=#b30069');
    const colours = async (env: Record<string, string>, ...flags: string[]) => {
      const terminal = server.newProject().terminal(['profiles', 'show', id, ...flags], { env });
      expect(await terminal.exitCode).toBe(0);
      expect(terminal.screen()).toMatch(/\n {2}--outkit-primary +#b30069$/);
      return /\x1b\[48;[\d;]+m/.exec(terminal.output())?.[0] ?? null;
    };
    expect(await colours({ COLORTERM: 'truecolor' })).toBe('\x1b[48;2;179;0;105m');
    expect(await colours({})).toBe('\x1b[48;5;125m');
    expect(await colours({ NO_COLOR: '1' })).toBeNull();
    expect(await colours({}, '--no-color')).toBeNull();
  });

  it.each([120, 80, 60])('list on %i columns is a table whose rows stay whole', async (columns) => {
    const terminal = server.newProject().terminal(['profiles', 'list'], { columns, rows: 60 });
    expect(await terminal.exitCode).toBe(0);
    const rows = terminal.screen().split('\n');
    expect(rows[0]).toMatch(/^ID +NAME +PLAN +TOKENS +STATUS$/);
    expect(rows.find((row) => row.startsWith(server.profileId))).toMatch(/ in use$/);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(columns);
  });
});

describe('the help of every command', () => {
  const COMMANDS = ['create', 'list', 'show', 'update', 'use', 'archive'];

  it.each(COMMANDS)(
    '%s fits 80 columns, and its examples need nothing but a server to run as they stand',
    async (name) => {
      const { stdout } = await server.newProject().run(['profiles', name, '--help']);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      const examples = [...stdout.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line = '']) => line);
      expect(examples.length).toBeGreaterThanOrEqual(2);
      for (const example of examples) {
        const { stderr, exitCode } = server.newProject().shell(example, { OUTKIT_DATA_DIR: '/nowhere' });
        expect(`${example}\n${exitCode} ${stderr}`).toMatch(/\n7 .*No Outkit server|\n2 .* Re-run with -y\./);
      }
    },
  );
});
