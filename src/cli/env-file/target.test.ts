import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gitProject, Project } from './project.fixture.ts';
import { chooseTarget, type TargetRequest } from './target.ts';

async function chosen(project: Project, request: Partial<TargetRequest> = {}): Promise<string> {
  const { path } = await chooseTarget({ workingDirectory: project.directory, ...request });
  return path.replace(`${project.directory}/`, '');
}

test('the path given comes first, and is relative to the working directory', async () => {
  const project = new Project({ '.env.local': '' });
  const configuration = { directory: project.directory, envFile: '.env.test' };
  expect(await chosen(project, { explicitPath: 'app/.env', configuration })).toBe('app/.env');
  expect(await chosen(project, { explicitPath: '/elsewhere/.env', configuration })).toBe('/elsewhere/.env');
});

test('the envFile of outkit.json comes next, and is relative to its folder', async () => {
  const project = new Project({ '.env.local': '' });
  const configuration = { directory: project.path('app'), envFile: '.env.test' };
  expect(await chosen(project, { configuration })).toBe('app/.env.test');
});

test.each([
  ['.env.local', ['.env.local', '.dev.vars', 'wrangler.toml', '.env']],
  ['.dev.vars', ['.dev.vars', 'wrangler.toml', '.env']],
  ['.dev.vars', ['.dev.vars', 'wrangler.jsonc']],
  ['.env.local', ['.dev.vars']],
  ['.env', ['.dev.vars', '.env']],
  ['.env.local', []],
])('%s is chosen among %j where there is no repository', async (name, files) => {
  const project = new Project(Object.fromEntries(files.map((file) => [file, ''])));
  expect(await chosen(project)).toBe(name);
});

test.each([
  ['.env', 'ignores', '.env\n'],
  ['.env.local', 'sees', 'dist\n'],
])('%s is chosen when git %s .env', async (name, _, ignored) => {
  expect(await chosen(gitProject(ignored, { '.env': '' }))).toBe(name);
});

test('a .env that git tracks is not chosen although a rule names it', async () => {
  const project = gitProject('.env\n', { '.env': '' });
  project.git('add', '--force', '.env');
  expect(await chosen(project)).toBe('.env.local');
});

test('a new file goes next to outkit.json, wherever the command runs', async () => {
  const project = new Project({ '.env': '' });
  mkdirSync(project.path('app'));
  expect(await chosen(project, { configuration: { directory: project.path('app') } })).toBe('app/.env.local');
});
