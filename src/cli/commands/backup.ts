import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { byteSize } from '../byte-size.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { projectDataDirectory } from '../dev-project.ts';
import { readGitStatus } from '../env-file/git.ts';
import { visible } from '../visible-text.ts';

interface BackupFlags {
  readonly dataDir?: string;
}

/** From here on a person would wonder why nothing happens. */
const LARGE_BYTES = 64_000_000;

/** `outkit backup`. Storage is loaded when the command runs, not for its help. */
export function define(command: Command, launch: Launch): void {
  command
    .description('Copies the database of outkit dev into a file, as of one moment, while the server runs or not.')
    .argument('<file>', 'file to make; an existing one is never replaced')
    .option('--data-dir <path>', 'where the database is (default: .outkit of the project)')
    .action((file: string, flags: BackupFlags) => launch((context) => backup(file, flags, context)));
  addHelp(command, {
    examples: [
      'outkit backup outkit-2026-11-23.db',
      'outkit backup ~/backups/outkit.db --data-dir ./outkit-data --json',
    ],
    output: [
      'terminal  the file, its size, keys, position in the log of changes, SHA-256',
      'piped     file, bytes, keys, position, SHA-256, tab-separated',
      '--json    {file, bytes, keys, position, lastChangeAt, sha256, dataDirectory}',
    ],
    exitCodes: [],
  });
}

async function backup(name: string, { dataDir }: BackupFlags, context: CommandContext): Promise<undefined> {
  const { io, output, configPath } = context;
  const directory = dataDir === undefined ? projectDataDirectory(io, configPath) : resolve(io.cwd, dataDir);
  const file = resolve(io.cwd, name);
  const onCopying = (bytes: number) => {
    if (bytes >= LARGE_BYTES && io.stderr.isTTY) output.note(`Copying ${byteSize(bytes)}, while the server goes on…`);
  };
  const { backUp } = await import('../../server/backups.ts');
  const { bytes, keys, position, time, sha256 } = await backUp({ directory, file, onCopying });
  if (output.isJson) {
    const lastChangeAt = new Date(time).toISOString();
    output.document({ file, bytes, keys, position, lastChangeAt, sha256, dataDirectory: directory });
  } else if (output.isTerminal) {
    output.line(`Backed up ${visible(directory)} to ${visible(name)}`);
    output.line(`  Size      ${byteSize(bytes)}`);
    output.line(`  Keys      ${keys}`);
    output.line(`  Position  ${position}`);
    output.line(`  SHA-256   ${sha256}`);
  } else {
    output.line([visible(file), bytes, keys, position, sha256].join('\t'));
  }
  const status = await readGitStatus(dirname(file), basename(file));
  if (status === 'not-ignored' || status === 'tracked') {
    output.warn(
      `git does not ignore ${visible(name)}. It holds no key, but names, hashes and addresses: keep it out of commits`,
    );
  }
}
