// The main job, step by step: the real command line against a real server on the embedded database, in a project of its own.
// Exits 0 only if every step held. Keys are shown masked here, since transcripts get pasted.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const OUTKIT = fileURLToPath(new URL('../bin/outkit.js', import.meta.url));
const KEY = /ok[dsp]_[0-9A-Za-z]{38}/g;

const TEXT = `Here is how the three plans compare:

| Plan | Requests a minute | Components |
|------|------------------:|-----------:|
| Free |                10 |          5 |
| Pro  |               100 |          8 |

**Important:** a key belongs to one profile for ever.

1. Create a key.
2. Put it into \`.env.local\`.
3. Call the renderer from your backend.

- [x] key created
- [ ] key rotated
`;

const project = await mkdtemp(join(tmpdir(), 'outkit-demo-'));
let server: ChildProcess | undefined;
try {
  await demo();
  print('\nEvery step held.');
} catch (error) {
  print(`\nA step failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  server?.kill('SIGKILL');
  await rm(project, { recursive: true, force: true });
}

async function demo(): Promise<void> {
  title('Start the server: API, renderer and database in one process');
  const url = await startServer();

  title('Create a key. It is minted here; the server gets its hash and first eight characters');
  const key = (await outkit('keys', 'create', '-n', 'dev key')).trim();
  check(new RegExp(`^${KEY.source}$`).test(key), 'standard output is the bare key, good for KEY=$(…)');

  title('Use it on real text');
  const answer = await enhance(url, key);
  const { blocks } = (await answer.json()) as { blocks: { component: string }[] };
  print(`  ${answer.status}  ${blocks.map((block) => block.component).join(' · ')}`);
  for (const component of ['table', 'alert', 'steps', 'checkbox']) {
    check(
      blocks.some((block) => block.component === component),
      `the text became a ${component}`,
    );
  }

  title('List and count');
  const [row = ''] = (await outkit('keys', 'list')).split('\n');
  const id = row.split('\t')[0] ?? '';
  check(id.startsWith('key_') && row.includes(`${key.slice(0, 8)}••••••••`), 'the list shows the key masked');
  const stats = await outkit('keys', 'stats', id);
  check(/^served\t1$/m.test(stats), 'the one answer was counted');

  title('Rotate: the old secret is accepted for 24 h more');
  const newKey = (await outkit('keys', 'rotate', id)).trim();
  check(newKey !== key, 'a new secret under the same key id');
  const onOld = await enhance(url, key);
  check(
    onOld.status === 200 && onOld.headers.has('sunset'),
    `the old one works, and says until when: ${onOld.headers.get('sunset')}`,
  );
  check((await enhance(url, newKey)).status === 200, 'the new one works');

  title('Revoke: in force when the command returns');
  await outkit('keys', 'revoke', id, '-y');
  check((await enhance(url, newKey)).status === 401, 'the very next call with the new secret is 401');
  check((await enhance(url, key)).status === 401, 'and with the old one');
  check((await outkit('keys', 'list')) === '', 'the list is empty');
  await outkit('keys', 'list', '--all');

  title('Stop the server and look at what it left on disk');
  check((await stopServer()) === 0, 'Ctrl-C ends it with exit code 0');
  check(!(await anyFileHolds([key, newKey])), 'no file holds a plaintext key');
}

/** Starts `outkit dev` on a free port and resolves to its URL. */
async function startServer(): Promise<string> {
  print('$ outkit dev --port 0');
  const child = spawn(process.execPath, ['--', OUTKIT, 'dev', '--port', '0'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server = child;
  createInterface(child.stderr).on('line', (line) => print(`  ${line}`));
  return new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error('outkit dev ended')));
    createInterface(child.stdout).on('line', (line) => {
      print(`  ${line}`);
      const ready = /Ready on (http:\/\/\S+)/.exec(line);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
  });
}

async function stopServer(): Promise<number | null> {
  server?.kill('SIGINT');
  if (server !== undefined && server.exitCode === null) await once(server, 'exit');
  return server?.exitCode ?? null;
}

/** Runs the real command line in the project, shows both streams, and resolves to standard output. */
async function outkit(...args: string[]): Promise<string> {
  print(`$ outkit ${args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ')}`);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--', OUTKIT, ...args], { cwd: project });
  for (const line of `${stdout}${stderr}`.split('\n').filter((text) => text !== '')) print(`  ${line}`);
  return stdout;
}

function enhance(url: string, key: string): Promise<Response> {
  return fetch(`${url}/render/enhance?stream=false`, {
    method: 'POST',
    headers: { 'x-outkit-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ content: TEXT }),
  });
}

async function anyFileHolds(keys: readonly string[]): Promise<boolean> {
  const entries = await readdir(project, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  print(`  looked through ${files.length} files: ${files.map((file) => file.name).join(', ')}`);
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return contents.some((text) => keys.some((key) => text.includes(key) || text.includes(key.slice(12))));
}

function check(held: boolean, what: string): void {
  if (!held) throw new Error(`not so: ${what}`);
  print(`  ✓ ${what}`);
}

function title(text: string): void {
  print(`\n${text}`);
}

function print(text: string): void {
  process.stdout.write(`${text.replace(KEY, (key) => `${key.slice(0, 8)}••••••••`)}\n`);
}
