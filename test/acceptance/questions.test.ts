import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeySummary } from '../../src/core/key-service.ts';
import { type DevServer, startDev } from './dev-server.ts';
import type { Project } from './outkit.ts';
import { silent } from './relay.ts';
import { CTRL_C, ENTER, ESCAPE } from './terminal.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

interface Question {
  readonly command: string;
  readonly args: (keyId: string) => readonly string[];
  readonly text: string;
  /** Questions that come before it, and the answers that lead on. */
  readonly before?: readonly (readonly [question: string, keys: string])[];
  readonly files?: Readonly<Record<string, string>>;
  readonly gitignore?: string;
  readonly prepare?: (keyId: string, plaintext: string) => Promise<unknown>;
  /** What has happened by then, because it stood before the question. */
  readonly already: 'nothing' | 'created' | 'rotated';
}

const FOREIGN = { '.env.local': '# mine\nOUTKIT_API_KEY=of-somebody-else\n' };
const OFFER = 'Add OUTKIT_API_KEY to .env.local?';
const IGNORE = 'git does not ignore .env.local. Add it to .gitignore?';
const REPLACE = '.env.local:2 holds another OUTKIT_API_KEY. Replace it?';

const newSecret = (keyId: string) => server.keys.rotate(keyId, { graceMs: 3_600_000, replaceNew: false, secret: null });

const QUESTIONS: readonly Question[] = [
  { command: 'create', args: () => ['create'], text: 'Name of the key', already: 'nothing' },
  { command: 'create', args: () => ['create', '-n', 'a'], text: OFFER, already: 'created' },
  {
    command: 'create, yes to the offer',
    args: () => ['create', '-n', 'a'],
    before: [[OFFER, 'y']],
    text: IGNORE,
    gitignore: '',
    already: 'created',
  },
  {
    command: 'create --env-file',
    args: () => ['create', '-n', 'a', '--env-file'],
    text: REPLACE,
    files: FOREIGN,
    already: 'nothing',
  },
  {
    command: 'create --env-file',
    args: () => ['create', '-n', 'a', '--env-file'],
    text: IGNORE,
    gitignore: '',
    already: 'nothing',
  },
  { command: 'rotate', args: (id) => ['rotate', id], text: OFFER, already: 'rotated' },
  {
    command: 'rotate, yes to the offer',
    args: (id) => ['rotate', id],
    before: [[OFFER, 'y']],
    text: IGNORE,
    gitignore: '',
    already: 'rotated',
  },
  {
    command: 'rotate --env-file',
    args: (id) => ['rotate', id, '--env-file'],
    text: REPLACE,
    files: FOREIGN,
    already: 'nothing',
  },
  {
    command: 'rotate --env-file',
    args: (id) => ['rotate', id, '--env-file'],
    text: IGNORE,
    gitignore: '',
    already: 'nothing',
  },
  {
    command: 'rotate --grace 0',
    args: (id) => ['rotate', id, '--grace', '0'],
    text: 'The secret in use ends at once',
    already: 'nothing',
  },
  {
    command: 'rotate --end-grace',
    args: (id) => ['rotate', id, '--end-grace'],
    prepare: newSecret,
    text: 'End the old secret of',
    already: 'nothing',
  },
  {
    command: 'rotate --replace-new',
    args: (id) => ['rotate', id, '--replace-new'],
    prepare: async (id) => server.render((await newSecret(id)).key ?? ''),
    text: 'was not lost',
    already: 'nothing',
  },
  { command: 'revoke', args: (id) => ['revoke', id], text: 'This cannot be undone.', already: 'nothing' },
];

const ENDINGS = [
  { how: 'Ctrl-C', exitCode: 130, message: 'Cancelled: ' },
  { how: 'SIGTERM', exitCode: 143, message: 'Error: Ended by SIGTERM' },
] as const;

describe.each(ENDINGS)('$how', ({ how, exitCode, message }) => {
  it.each(QUESTIONS)('at "$text" of $command changes nothing more and gives the terminal back', async (question) => {
    const { project, asked, atFirst } = await openQuestion(question);
    const before = await stateOf(project);
    if (how === 'Ctrl-C') asked.type(CTRL_C);
    else asked.signal(how);
    expect(await asked.exitCode).toBe(exitCode);
    expect(asked.isRestored()).toBe(true);
    expect(asked.screen()).toContain(`\n${message}`);
    expect(await stateOf(project)).toEqual(before);
    expect(difference(atFirst, before.keys)).toBe(question.already);
  });
});

it('Escape cancels like Ctrl-C', async () => {
  const { key } = await server.newKey();
  const asked = server.newProject().terminal(['keys', 'revoke', key.id]);
  await asked.answer('This cannot be undone.', ESCAPE);
  expect(await asked.exitCode).toBe(130);
  expect(asked.isRestored()).toBe(true);
});

it('Enter takes the answer that loses nothing: the key is not revoked', async () => {
  const { key } = await server.newKey();
  const asked = server.newProject().terminal(['keys', 'revoke', key.id]);
  await asked.answer('This cannot be undone.', ENTER);
  expect(await asked.exitCode).toBe(130);
  expect(asked.screen()).toMatch(/\nCancelled: the key was not revoked$/);
  expect((await server.keys.find(key.id)).status).toBe('active');
});

it('after a key was shown, the cancellation says that the key stays', async () => {
  const asked = server.newProject({ gitignore: '.env.local\n' }).terminal(['keys', 'create', '-n', 'a']);
  await asked.answer(OFFER, CTRL_C);
  expect(await asked.exitCode).toBe(130);
  expect(asked.screen()).toMatch(/\nCancelled: no env file was written, the key stays$/);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s while the server is asked ends the command with exit %i and without a word',
  async (signal, exitCode) => {
    const request = Promise.withResolvers<void>();
    const env = { OUTKIT_API_URL: await silent(request.resolve), OUTKIT_TOKEN: 'any' };
    const waiting = server.newProject().terminal(['keys', 'list'], { env });
    await request.promise;
    waiting.signal(signal);
    expect(await waiting.exitCode).toBe(exitCode);
    expect(waiting.isRestored()).toBe(true);
    expect(waiting.screen()).not.toContain('Error');
  },
);

async function openQuestion({ args, before = [], files = {}, gitignore = '.env.local\n', prepare, text }: Question) {
  const project = server.newProject({ files, gitignore });
  const { key, plaintext } = await server.newKey();
  await prepare?.(key.id, plaintext);
  const atFirst = await server.allKeys();
  const asked = project.terminal(['keys', ...args(key.id)]);
  for (const [question, keys] of before) await asked.answer(question, keys);
  await asked.waitFor(text);
  return { project, asked, atFirst };
}

/** Everything that a command can change. */
async function stateOf(project: Project) {
  const files = project.names().map((name) => [name, project.read(name)]);
  return { files, keys: await server.allKeys() };
}

function difference(before: readonly KeySummary[], after: readonly KeySummary[]): Question['already'] {
  if (after.length > before.length) return 'created';
  return after.some((key, index) => key.start !== before[index]?.start) ? 'rotated' : 'nothing';
}
