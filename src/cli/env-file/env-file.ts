import { isWellFormedSecret, type PlaintextSecret } from '../../core/secret.ts';
import { hashSecret, type SecretHash } from '../../core/secret-hash.ts';
import { type DocumentRefusalReason, holdsVariable, type RefusedDocument, setVariable } from './document.ts';
import { addToGitignore, type IgnoredByGit } from './gitignore.ts';
import { type Location, locate } from './location.ts';
import { type EnvFileRefusal, refuse } from './refusal.ts';
import { rehearseReplacement, replaceFile } from './replacement.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { chooseTarget, type TargetRequest } from './target.ts';
import { checkVariableName } from './variable-name.ts';
import type { OnSignal } from './workspace.ts';

export interface EnvFileRequest extends TargetRequest {
  readonly variableName: string;
  /** Whether a hash is that of the current or the previous secret of the key that is rotated. Absent when a key is created. */
  readonly isSecretOfThisKey?: ((hash: SecretHash) => Promise<boolean>) | undefined;
  readonly onSignal: OnSignal;
}

/** An env file of which everything has been checked that can be checked before there is a secret. Holds nothing open. */
export interface PreparedEnvFile {
  readonly kind: 'prepared';
  /** The path to show to people. */
  readonly path: string;
  readonly change: 'create' | 'append' | 'replace';
  /** The line, counted from 1, that will hold the variable. */
  readonly line: number;
  /** `foreign`: the variable has a value that is no secret of this key. It may be replaced only when the person agrees. */
  readonly existingValue: 'none' | 'of-this-key' | 'foreign';
  readonly gitStatus: Location['gitStatus'];
  /** Whether users other than the owner may read the file. Its mode is kept, so they may read the key too. */
  readonly isReadableByOthers: boolean;
  /** Makes git ignore the file. For `gitStatus` `not-ignored`, and best before the secret is written. */
  ignoreInGit(): Promise<IgnoredByGit | EnvFileRefusal>;
  /** Writes the secret, or refuses and leaves the file as it is when it is no longer as it was prepared. */
  write(secret: PlaintextSecret): Promise<WrittenEnvFile | EnvFileRefusal>;
}

/** The file holds the secret, is on the disk, and has been read back. */
export interface WrittenEnvFile {
  readonly kind: 'written';
  readonly path: string;
  readonly line: number;
}

/** As long as any secret, so that the rehearsal needs as much space as the writing will. */
const PLACEHOLDER = `okd_${'0'.repeat(38)}`;

const NEW_FILE_MODE = 0o600;
const GROUP_OR_OTHERS_READ = 0o044;

/**
 * Chooses the env file and does everything that can fail before the secret is known: names, links, owner, git, contents,
 * rights and space. Changes nothing and leaves nothing behind, so a prepared file need not be given back. Rejects only when
 * `isSecretOfThisKey` does.
 */
export async function prepareEnvFile(request: EnvFileRequest): Promise<PreparedEnvFile | EnvFileRefusal> {
  const { variableName, workingDirectory, onSignal } = request;
  const nameRefusal = checkVariableName(variableName);
  if (nameRefusal !== undefined) return nameRefusal;
  const location = await locate(await chooseTarget(request), request);
  if (location.kind === 'refused') return location;
  const expected = takeSnapshot(location.path, location.shownPath);
  if (expected.kind === 'refused') return expected;
  const document = setVariable(contentsOf(expected), variableName, PLACEHOLDER);
  if (document.kind === 'refused') return refuseDocument(document, location.shownPath, variableName);
  const rehearsed = await rehearseReplacement(
    { location, expected, contents: document.contents, newFileMode: NEW_FILE_MODE },
    onSignal,
  );
  if (rehearsed !== 'done') return rehearsed;
  return {
    kind: 'prepared',
    path: location.shownPath,
    change: expected.kind === 'absent' ? 'create' : document.change,
    line: document.line,
    existingValue: await classify(document.previousValue, request),
    gitStatus: location.gitStatus,
    isReadableByOthers: expected.kind === 'file' && (expected.stats.mode & GROUP_OR_OTHERS_READ) !== 0,
    ignoreInGit: () => addToGitignore(location, workingDirectory, onSignal),
    write: (secret) => write(secret, location, expected, request),
  };
}

async function write(
  secret: PlaintextSecret,
  location: Location,
  expected: Snapshot,
  request: EnvFileRequest,
): Promise<WrittenEnvFile | EnvFileRefusal> {
  const { shownPath, path } = location;
  if (!isWellFormedSecret(secret)) {
    return refuse(
      'malformed-secret',
      `What should go into ${shownPath} is not an Outkit key.`,
      'check that the CLI and the server are of the same version.',
    );
  }
  const document = setVariable(contentsOf(expected), request.variableName, secret);
  if (document.kind === 'refused') return refuseDocument(document, shownPath, request.variableName);
  const replaced = await replaceFile(
    { location, expected, contents: document.contents, newFileMode: NEW_FILE_MODE },
    request.onSignal,
  );
  if (replaced !== 'done') return replaced;
  const result = takeSnapshot(path, shownPath);
  if (result.kind !== 'file' || !holdsVariable(result.contents, request.variableName, secret)) {
    return refuse(
      'changed-meanwhile',
      `${shownPath} was changed by somebody else right after the key was written.`,
      'run the command again.',
    );
  }
  return { kind: 'written', path: shownPath, line: document.line };
}

function contentsOf(snapshot: Snapshot): Buffer {
  return snapshot.kind === 'file' ? snapshot.contents : Buffer.alloc(0);
}

/** An empty value is none: nothing is lost with it. */
async function classify(
  previousValue: string | undefined,
  request: EnvFileRequest,
): Promise<PreparedEnvFile['existingValue']> {
  if (previousValue === undefined || previousValue === '') return 'none';
  if (request.isSecretOfThisKey === undefined || !isWellFormedSecret(previousValue)) return 'foreign';
  return (await request.isSecretOfThisKey(hashSecret(previousValue))) ? 'of-this-key' : 'foreign';
}

const DOCUMENT_REFUSALS: Record<DocumentRefusalReason, { what: string; tryThis: string }> = {
  'nul-byte': { what: 'holds a NUL byte and is no text file.', tryThis: 'name another file with --env-file=<path>.' },
  'lone-bom': { what: 'holds nothing but a byte order mark.', tryThis: 'delete the file, then run the command again.' },
  'unbalanced-quote': {
    what: 'has a quote that is never closed.',
    tryThis: 'close the quote, then run the command again.',
  },
  'several-lines': { what: 'sets NAME more than once.', tryThis: 'keep one of the lines, then run the command again.' },
  'multi-line-value': {
    what: 'has a value of several lines for NAME.',
    tryThis: 'delete the value, then run the command again.',
  },
  'unsafe-line': {
    what: 'cannot get NAME without a change to how Node or dotenv reads it.',
    tryThis:
      'delete white space after = at the end of lines, a byte order mark or a colon after NAME, then run the command again.',
  },
};

function refuseDocument(document: RefusedDocument, shownPath: string, variableName: string): EnvFileRefusal {
  const { what, tryThis } = DOCUMENT_REFUSALS[document.reason];
  const place = document.lines.length === 0 ? shownPath : `${shownPath}:${document.lines.join(',')}`;
  return refuse(
    document.reason,
    `${place} ${what.replace('NAME', variableName)}`,
    tryThis.replace('NAME', variableName),
  );
}
