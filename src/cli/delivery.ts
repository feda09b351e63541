import type { Command } from 'commander';
import { createdJson } from '../api/key-answers.ts';
import { OutkitError } from '../core/errors.ts';
import type { CreatedKey, KeySummary } from '../core/key-service.ts';
import type { PlaintextSecret } from '../core/secret.ts';
import type { CommandContext } from './command.ts';
import { commandLine } from './command-line.ts';
import { type EnvFileFlags, type EnvFilePlan, isEnvFileInPlay } from './env-file-plan.ts';
import { type Fact, printFacts } from './facts.ts';

/** Flags of the commands that make a secret: where it goes. */
export interface DeliveryFlags extends EnvFileFlags {
  /** `false` of `--no-show`. */
  readonly show?: boolean;
  readonly copy?: boolean;
}

export interface Delivery {
  readonly created: CreatedKey;
  /** Made on this machine; one that the server made stands in `created` and is the one that counts. */
  readonly plaintext: PlaintextSecret;
  readonly flags: DeliveryFlags;
  readonly envFile: EnvFilePlan | null;
  readonly sheet: (key: KeySummary) => KeySheet;
  readonly undo: Undo;
  /** What is left to do once an unseen secret is in the env file. Resolves to the key as it is then. */
  readonly settle?: () => Promise<KeySummary>;
}

/** What people read around the key. */
export interface KeySheet {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly footer: string | null;
}

/** Ends a secret that nobody got, so that none stands that nobody holds. */
export interface Undo {
  run(): Promise<unknown>;
  /** What holds when it went well. */
  readonly done: string;
  /** The command for when it did not. */
  readonly command: string;
}

/** Adds the flags of {@link DeliveryFlags}. */
export function addDeliveryFlags(command: Command): Command {
  return command
    .option('--env-file [path]', 'also write the key to an env file (default: the one of the project)')
    .option('--no-env-file', 'do not offer to write an env file')
    .option('--env-name <name>', 'name of the variable in the env file (default: OUTKIT_API_KEY)')
    .option('--force', 'replace another value in the env file without asking')
    .option('--copy', 'also copy the key to the clipboard')
    .option('--no-show', 'do not print the key; needs --env-file');
}

/** Throws `usage` when nobody would get the key, and for a flag about an env file where none will be written. */
export function checkDeliveryFlags(flags: DeliveryFlags, context: CommandContext): void {
  const { show, envFile, envName, force } = flags;
  const withEnvFile = commandLine([...context.argv.filter((argument) => argument !== '--no-env-file'), '--env-file']);
  if (show === false && (envFile === undefined || envFile === false)) {
    throw new OutkitError('usage', '--no-show needs --env-file: else nobody would hold the key', withEnvFile);
  }
  if (typeof envFile === 'string' && envFile.startsWith('key_')) {
    throw new OutkitError(
      'usage',
      '--env-file took the id as its path',
      'put the id first, or write --env-file=<path>',
    );
  }
  const idle = envName !== undefined ? '--env-name' : force === true ? '--force' : null;
  if (idle !== null && !isEnvFileInPlay(flags, context)) {
    throw new OutkitError('usage', `${idle} needs --env-file: no env file would be written`, withEnvFile);
  }
}

/** Gives the secret to the person: screen, env file, clipboard, so that nothing that can fail stands between the key and the screen. */
export async function deliver(delivery: Delivery, context: CommandContext): Promise<void> {
  const { created, flags, sheet } = delivery;
  const plaintext = created.key ?? delivery.plaintext;
  if (flags.show === false) {
    const settled = await deliverUnseen(plaintext, delivery);
    print(settled, null, sheet(settled), context);
    if (flags.copy === true) await copy(plaintext, context);
    return;
  }
  print(created, plaintext, sheet(created), context);
  try {
    await delivery.envFile?.write(plaintext);
  } catch (error) {
    throw error instanceof OutkitError && error.code === 'env_file_failed' ? stillValid(error) : error;
  } finally {
    if (flags.copy === true) await copy(plaintext, context);
  }
}

/** Puts the secret into the env file and nowhere else. When that fails, the secret is ended, since nobody holds it. */
export async function deliverUnseen(
  plaintext: PlaintextSecret,
  { created, envFile, undo, settle }: Pick<Delivery, 'created' | 'envFile' | 'undo' | 'settle'>,
): Promise<KeySummary> {
  try {
    await envFile?.write(plaintext);
  } catch (error) {
    const isUndone = await undo.run().then(
      () => true,
      () => false,
    );
    if (!(error instanceof OutkitError)) throw error;
    if (isUndone) throw new OutkitError(error.code, `${error.message}. ${undo.done}`, error.hint);
    throw new OutkitError(error.code, `${error.message}. The key stands, but nobody holds it`, undo.command);
  }
  return settle === undefined ? created : settle();
}

function stillValid(error: OutkitError): OutkitError {
  return new OutkitError(error.code, `${error.message}. The key printed above is valid all the same`, error.hint);
}

function print(key: KeySummary, plaintext: PlaintextSecret | null, sheet: KeySheet, { output }: CommandContext): void {
  if (output.isJson) {
    output.document(createdJson({ ...key, key: plaintext }));
    return;
  }
  if (!output.isTerminal) {
    if (plaintext !== null) output.line(plaintext);
    output.note(`${sheet.title}: ${sheet.facts.map(inSentence).join(', ')}`);
    if (sheet.footer !== null) output.note(sheet.footer);
    return;
  }
  output.line(output.colours.bold(sheet.title));
  printFacts(sheet.facts, output);
  if (plaintext !== null) {
    output.line(`\n${output.colours.cyan(plaintext)}\n`);
    output.line('Shown once. Save it now: it cannot be shown again.');
  }
  if (sheet.footer !== null) output.line(sheet.footer);
}

/** Ids and environments tell themselves what they are. */
function inSentence([label, value]: Fact): string {
  return /^(?:Id|Profile|Environment)$/.test(label) ? value : `${label.toLowerCase()} ${value}`;
}

async function copy(plaintext: PlaintextSecret, { io, output }: CommandContext): Promise<void> {
  try {
    await io.copyToClipboard(plaintext);
    output.note('Copied to the clipboard');
  } catch {
    output.warn('Not copied: no clipboard program took the key (pbcopy, wl-copy, xclip, clip.exe)');
  }
}
