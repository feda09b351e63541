import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));

/** Files (from `src/`) and packages that are loaded with a file, before anything in it runs. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(SOURCES, file), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)'/gm)) {
    if (specifier.endsWith('.ts')) loadedWith(relative(SOURCES, join(SOURCES, dirname(file), specifier)), found);
    else found.add(specifier);
  }
  return found;
}

it('loads no parser, no schema and no command for --version', () => {
  const loaded = loadedWith('cli/main.ts');
  expect([...loaded].filter((name) => !name.startsWith('node:')).sort()).toEqual([
    '../../package.json',
    'cli/io.ts',
    'cli/main.ts',
    'cli/version.ts',
    'core/errors.ts',
  ]);
});

it('loads no command for the help of all', () => {
  const loaded = [...loadedWith('cli/program.ts')];
  expect(loaded.filter((name) => name.includes('commands/') || name === 'valibot')).toEqual([]);
});

it.each([
  ...['create', 'list', 'stats', 'rotate', 'revoke'].map((command) => `keys/${command}`),
  ...['create', 'list', 'show', 'update', 'use', 'archive'].map((command) => `profiles/${command}`),
  ...['list', 'invite', 'role', 'remove', 'invitations', 'uninvite'].map((command) => `people/${command}`),
  ...['teams/list', 'teams/create', 'teams/rename', 'sessions/list', 'sessions/end'],
  ...['gateways/list', 'gateways/evict'],
  ...['login', 'logout', 'whoami', 'open', 'logs', 'logs-tail'],
])('loads neither server nor prompts nor the env-file writer for %s', (command) => {
  const loaded = [...loadedWith(`cli/commands/${command}.ts`)];
  expect(loaded.filter((name) => /^server\/|prompts|env-file\/|clipboard|browser|keychain/.test(name))).toEqual([]);
});

it('loads what reads a stream of events for logs tail only, when it follows', () => {
  expect([...loadedWith('client/http-event-service.ts')]).not.toContain('eventsource-parser');
  expect([...loadedWith('client/event-stream.ts')]).toContain('eventsource-parser');
});
