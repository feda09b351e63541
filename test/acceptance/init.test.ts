import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { filesBelow } from './canary-search.ts';
import { type DevServer, startDev } from './dev-server.ts';
import { KEY, OUTKIT, Project, type ProjectOptions, temporaryProject } from './outkit.ts';
import { CTRL_C, ENTER } from './terminal.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

const CREATE = 'Create a key and write it to .env.local?';
const IGNORE = 'git does not ignore .env.local. Add it to .gitignore?';

const APPS = {
  'Next.js': { 'package.json': '{ "dependencies": { "next": "15.0.0" } }', 'tsconfig.json': '{}' },
  Vite: { 'package.json': '{ "type": "module", "devDependencies": { "vite": "8.0.0" } }' },
  Express: { 'package.json': '{ "dependencies": { "express": "5.0.0" } }' },
  Node: { 'package.json': '{ "name": "plain" }' },
} as const;

const FILES: Readonly<Record<string, string>> = {
  'Next.js': 'app/api/outkit/route.ts',
  Vite: 'outkit-proxy.js',
  Express: 'outkit-proxy.mjs',
  Node: 'outkit-proxy.mjs',
};

/** An app without an `outkit.json`, which finds the server through its data directory. */
function app(files: Readonly<Record<string, string>>, options: ProjectOptions = {}): Project {
  const env = { OUTKIT_DATA_DIR: server.project.path('.outkit') };
  return temporaryProject({ files, gitignore: '', env, ...options });
}

/** All files but those of git. */
function contents(project: Project): string[][] {
  const files = [...filesBelow(project.directory)].filter(([path]) => !path.startsWith('.git/'));
  return files.map(([path, bytes]) => [path, bytes.toString()]);
}

function keyIn(project: Project, name = '.env.local'): string {
  return KEY.exec(project.read(name))?.[0] ?? '';
}

describe.each(Object.entries(APPS))('a project with %s', (name, files) => {
  const proxy = FILES[name] ?? '';

  it('is ready after one command in a script, and the second changes nothing', async () => {
    const project = app(files);
    const first = await project.run(['init', '--yes']);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toMatch(new RegExp(`^Found ${name} \\(`));
    expect(first.stderr).toContain(`\nWrote ${proxy}\n`);
    expect(project.read(proxy)).toMatch(new RegExp(`^// ${proxy.replaceAll('.', '\\.')}: `));
    expect(first.stdout).toBe('');
    expect(first.stderr).not.toMatch(KEY);
    const made = ['.env.local', '.gitignore', 'outkit.json', proxy.split('/')[0] ?? ''];
    expect(project.names()).toEqual([...made, ...Object.keys(files)].sort());
    expect(project.read('.gitignore')).toBe('/.env.local\n');
    expect(await server.render(keyIn(project))).toBe(200);

    const before = contents(project);
    const second = await project.run(['init']);
    expect(second).toMatchObject({ exitCode: 0, stdout: '' });
    expect(second.stderr).toMatch(
      /\nNothing to do: outkit\.json names .*, \.env\.local:1 holds dev key .*, git ignores \.env\.local, .* is there\n/,
    );
    expect(contents(project)).toEqual(before);
  });

  it('is ready after three answers on a terminal', async () => {
    const project = app(files);
    const terminal = project.terminal(['init'], { rows: 70, columns: 140 });
    await terminal.answer(CREATE, ENTER);
    await terminal.answer(IGNORE, ENTER);
    await terminal.waitFor('YOUR CHECK GOES HERE');
    await terminal.answer(`Write ${proxy}?`, ENTER);
    expect(await terminal.exitCode).toBe(0);
    const screen = terminal.scrollback();
    expect(screen).toMatch(new RegExp(`^Found ${name} `));
    expect(screen).toMatch(
      /\nAdded \.env\.local to \.gitignore\nCreated outkit\.json: keys belong to profile Default \(prof_\w+\)\n/,
    );
    expect(screen).toMatch(/\nCreated dev key \(key_\w+, development\)\nWrote OUTKIT_API_KEY to \.env\.local:1\n/);
    expect(screen).toContain(`\nWrote ${proxy}\n`);
    expect(terminal.output()).not.toMatch(KEY);
    expect(terminal.isRestored()).toBe(true);
    expect(await server.render(keyIn(project))).toBe(200);
  });
});

it('writes a proxy that works once it has a check, with the env file that it wrote', async () => {
  const project = app(APPS.Node);
  expect((await project.run(['init', '--yes'])).exitCode).toBe(0);
  mkdirSync(project.path('node_modules'));
  symlinkSync(dirname(dirname(OUTKIT)), project.path('node_modules/outkit'));
  project.write('outkit-proxy.mjs', project.read('outkit-proxy.mjs').replace('return false;', 'return true;'));
  project.write(
    'app.mjs',
    `import { createServer } from 'node:http';
     import { outkitProxy } from './outkit-proxy.mjs';
     const app = createServer(outkitProxy).listen(0, '127.0.0.1', () => console.log(app.address().port));`,
  );
  const child = spawn(process.execPath, ['--env-file=.env.local', 'app.mjs'], {
    cwd: project.directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  for await (const port of createInterface(child.stdout)) {
    const body = JSON.stringify({ content: '- [x] done' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}/api/outkit`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/"checkbox"[\s\S]*\[DONE\]/)]);
    break;
  }
});

describe('beside outkit dev in the same project', () => {
  it('keeps the outkit.json that dev has made, and adds what is missing', async () => {
    const project = new Project({
      gitignore: '',
      files: { 'package.json': '{ "dependencies": { "nuxt": "4.0.0" } }' },
    });
    const own = await startDev(project);
    try {
      const { exitCode, stderr } = await project.run(['init', '--yes']);
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Nuxt reads .env\n')]);
      expect(JSON.parse(project.read('outkit.json'))).toEqual({ profile: own.profileId, envFile: '.env' });
      expect(project.read('.gitignore')).toBe('/.outkit\n/.env\n');
      expect(await own.render(keyIn(project, '.env'))).toBe(200);
      expect(project.git('status', '--short', '--untracked-files=all').split('\n').sort()).toEqual(
        ['', '?? .gitignore', '?? outkit.json', '?? package.json', '?? server/api/outkit.post.js'].sort(),
      );
      expect((await project.run(['init'])).stderr).toContain('\nNothing to do: ');
    } finally {
      await own.stop();
    }
  });

  it('in an app of a monorepo takes the framework and env file of the app, and the outkit.json of all', async () => {
    const files = {
      'package.json': '{ "workspaces": ["apps/*"] }',
      'apps/web/package.json': APPS['Next.js']['package.json'],
    };
    const project = new Project({ gitignore: '.env.local\n', files });
    const own = await startDev(project);
    try {
      const { exitCode, stderr } = await project.run(['init', '--yes'], { cwd: 'apps/web' });
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringContaining('Found Next.js (next in package.json). Next.js reads .env.local\n'),
      ]);
      expect(JSON.parse(project.read('outkit.json'))).toEqual({
        profile: own.profileId,
        envFile: 'apps/web/.env.local',
      });
      expect(await own.render(keyIn(project, 'apps/web/.env.local'))).toBe(200);
      const root = await project.run(['init', '--yes']);
      expect(root.stderr).toContain(
        'Warning: this is the root of a workspace: run outkit init in the folder of the app',
      );
    } finally {
      await own.stop();
    }
  });

  it('asks which profile when there are several, and Ctrl-C there changes nothing', async () => {
    const own = await startDev();
    const env = { OUTKIT_DATA_DIR: own.project.path('.outkit') };
    const project = app(APPS['Next.js'], { env, gitignore: '.env.local\n' });
    try {
      const created = await project.run(['profiles', 'create', '-n', 'Mail']);
      const before = contents(project);
      const cancelled = project.terminal(['init']);
      await cancelled.answer('Which profile do the keys of this project belong to?', CTRL_C);
      expect([await cancelled.exitCode, cancelled.isRestored(), contents(project)]).toEqual([130, true, before]);
      const chosen = project.terminal(['init'], { rows: 70 });
      await chosen.answer('Which profile do the keys of this project belong to?', `\x1b[B${ENTER}`);
      await chosen.answer(CREATE, 'n');
      await chosen.answer('Write app/api/outkit/route.ts?', 'n');
      expect(await chosen.exitCode).toBe(0);
      expect(JSON.parse(project.read('outkit.json'))).toEqual({ profile: created.stdout.trim() });
      expect(project.names()).toEqual([...Object.keys(APPS['Next.js']), '.gitignore', 'outkit.json'].sort());
    } finally {
      await own.stop();
    }
  });
});

describe('nothing is changed', () => {
  it.each([
    ['the first question', CREATE, []],
    ['the second question', IGNORE, [CREATE]],
    ['the third question', 'Write app/api/outkit/route.ts?', [CREATE, IGNORE]],
  ])('by Ctrl-C or SIGTERM at %s', async (_, question, before) => {
    for (const [how, exitCode] of [
      [CTRL_C, 130],
      ['SIGTERM', 143],
    ] as const) {
      const project = app(APPS['Next.js']);
      const files = contents(project);
      const keys = await server.allKeys();
      const terminal = project.terminal(['init']);
      for (const earlier of before) await terminal.answer(earlier, ENTER);
      await terminal.waitFor(question);
      if (how === CTRL_C) terminal.type(CTRL_C);
      else terminal.signal(how);
      expect(await terminal.exitCode).toBe(exitCode);
      expect(terminal.isRestored()).toBe(true);
      expect([contents(project), await server.allKeys()]).toEqual([files, keys]);
    }
  });

  it.each([[undefined], ['open'], ['']] as const)(
    'where nobody can be asked and --yes is not given (stdin %j)',
    async (stdin) => {
      const project = app(APPS.Express);
      const files = contents(project);
      const { exitCode, stdout, stderr } = await project.run(['init'], stdin === undefined ? {} : { stdin });
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        /\nError: Nobody is there to answer: .* Re-run with --yes .*\n {2}Try: outkit init --yes\n$/,
      );
      expect(contents(project)).toEqual(files);
    },
  );

  it('without a server', async () => {
    const project = temporaryProject({ files: APPS.Vite });
    const { exitCode, stdout, stderr } = await project.run(['init', '--yes']);
    expect([exitCode, stdout]).toEqual([7, '']);
    expect(stderr).toMatch(/^Error: No Outkit server.*\n {2}Try: outkit dev, or .*\n$/);
    expect(project.names()).toEqual(['package.json']);
  });
});
