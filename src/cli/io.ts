import { homedir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';
import type { Keychain } from './credentials/keychain.ts';
import type { Prompts } from './prompts.ts';

export interface OutStream {
  readonly isTTY: boolean;
  /** Width in columns; 80 where it is not known. */
  readonly columns: number;
  write(text: string): void;
}

/** The environment of a process. */
export type Environ = Readonly<Record<string, string | undefined>>;

/** All that the command line knows of the machine. This module alone touches `process`; tests pass a fake. */
export interface Io extends Clock {
  readonly env: Environ;
  readonly cwd: string;
  readonly home: string;
  /** `null` where files have no numeric owner (Windows). */
  readonly userId: number | null;
  readonly stdin: { readonly isTTY: boolean };
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly fillRandom: FillRandom;
  /** Takes the signal over from the default, which ends the process. The returned function gives it back. */
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', handler: () => void): () => void;
  /** Calls back when the reader of standard output went away, as in `| head -1`. */
  onOutputClosed(handler: () => void): void;
  readonly pid: number;
  /** The Node that runs us: `v24.21.0`, and the file that it is. */
  readonly node: { readonly version: string; readonly path: string };
  /** What Node was given for itself, before our file. */
  readonly nodeFlags: readonly string[];
  /** True while a process with that id exists, whoever owns it. */
  isAlive(pid: number): boolean;
  /** Loads the prompt library. Only for an interactive run: it hangs on an open pipe. */
  openPrompts(): Promise<Prompts>;
  /** Rejects when no clipboard program takes the text. */
  copyToClipboard(text: string): Promise<void>;
  /** Loads what speaks to the keychain of the operating system. */
  openKeychain(): Promise<Keychain>;
  /** Opens a page in the person's browser. Rejects when there is none, and for what is no address of a server. */
  openBrowser(url: string): Promise<void>;
  /** The same for a page that stands in a file, whose address holds what other users of the machine may not see. */
  openPageFile(path: string): Promise<void>;
  /** All of standard input. Rejects with `usage` when there is more than `maxBytes` of it. */
  readInput(maxBytes: number): Promise<string>;
  /** Resolves after so many milliseconds, or when the signal says so. */
  wait(spanMs: number, signal?: AbortSignal): Promise<void>;
  /** Ends the process now, whatever still holds it. */
  exitNow(code: number): void;
}

export interface ProcessIo extends Io {
  readonly argv: readonly string[];
  /** Never ends the process: what is written to a pipe would be cut at 64 KiB. */
  setExitCode(code: number): void;
}

/** The real process. Its streams are made when they are asked for: to make them costs more than `--version` does. */
export function processIo(): ProcessIo {
  let outputFailed = () => false;
  let stdout: OutStream | undefined;
  let stderr: OutStream | undefined;
  const onSignal: Io['onSignal'] = (signal, handler) => {
    process.on(signal, handler);
    return () => process.off(signal, handler);
  };
  return {
    argv: process.argv.slice(2),
    env: process.env,
    // Asked late, so that a working directory that is gone is reported like every other error.
    get cwd() {
      return workingDirectory();
    },
    home: homedir(),
    userId: process.getuid?.() ?? null,
    stdin: {
      get isTTY() {
        return process.stdin.isTTY === true;
      },
    },
    get stdout() {
      if (stdout !== undefined) return stdout;
      outputFailed = watchOutput();
      stdout = outStream(process.stdout);
      return stdout;
    },
    get stderr() {
      stderr ??= outStream(quietly(process.stderr));
      return stderr;
    },
    pid: process.pid,
    node: { version: process.version, path: process.execPath },
    nodeFlags: process.execArgv,
    now: Date.now,
    // Of the platform: the module of Node is loaded for hashes alone.
    fillRandom: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
    onSignal,
    onOutputClosed: (handler) => {
      process.stdout.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EPIPE') handler();
      });
    },
    isAlive,
    openPrompts: async () => (await import('./prompts.ts')).terminalPrompts(process.stdin, process.stderr, onSignal),
    copyToClipboard: async (text) =>
      (await import('./clipboard.ts')).copyToClipboard(text, process.platform, process.env),
    openKeychain: async () => (await import('./credentials/keychain.ts')).openKeychain(process.execPath),
    openPageFile: async (path) => (await import('./browser.ts')).openPageFile(path, process.platform, process.env),
    openBrowser: async (url) => (await import('./browser.ts')).openBrowser(url, process.platform, process.env),
    readInput: (maxBytes) => readBounded(process.stdin, maxBytes),
    wait: async (spanMs, signal) => {
      await setTimeout(spanMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    },
    exitNow: (code) => process.exit(code),
    setExitCode(code) {
      process.exitCode = outputFailed() ? 1 : code;
    },
  };
}

async function readBounded(input: NodeJS.ReadStream, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new OutkitError('usage', `Standard input has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new OutkitError('usage', 'The working directory is gone', 'cd to one that exists', { cause: error });
  }
}

function outStream(stream: NodeJS.WriteStream): OutStream {
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

/** A reader that went away (`| head -1`) ends us silently; a full disk is a failure, since data was lost. */
function watchOutput(): () => boolean {
  let failed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || failed) return;
    failed = true;
    process.exitCode = 1;
    quietly(process.stderr).write(`Error: Cannot write the output: ${error.code ?? 'unknown error'}\n`);
  });
  return () => failed;
}

/** Standard error whose own errors end nobody: there is no place left to tell them. */
function quietly(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
