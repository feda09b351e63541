import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A file that gets standard output, as in `KEY=$(…)`; the rest stays on the terminal. */
  readonly stdoutTo?: string;
}

/** Keys as a terminal sends them. */
export const CTRL_C = '\x03';
export const ENTER = '\r';
export const ESCAPE = '\x1b';

/** Runs a command between two looks at the terminal's settings, and outlives the signals that end it. */
const SCRIPT =
  'trap : INT TERM HUP; out=$1; shift; stty -g >"$0/before"; "$@" >"$out"; code=$?; stty -g >"$0/after"; exit $code';

const PATIENCE_MS = 15_000;

/** A command on a real terminal, with the screen that a person would see. */
export class Terminal {
  readonly #screen: xterm.Terminal;
  readonly #pty: IPty;
  readonly #settings = mkdtempSync(join(tmpdir(), 'outkit-stty-'));
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<number>;
  #output = '';
  #title = '';
  #exitCode: number | null = null;

  constructor(command: readonly string[], options: TerminalOptions & { readonly cwd: string }) {
    const { columns: cols = 100, rows = 30, cwd, env = {}, stdoutTo = '/dev/tty' } = options;
    this.#screen = new xterm.Terminal({ cols, rows, scrollback: 2000, allowProposedApi: true });
    this.#pty = spawn('sh', ['-c', SCRIPT, this.#settings, stdoutTo, ...command], { cols, rows, cwd, env: { ...env } });
    this.#screen.onTitleChange((title) => {
      this.#title = title;
    });
    this.#pty.onData((data) => {
      this.#output += data;
      this.#screen.write(data, () => this.#look());
    });
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) =>
        // What was written before is on the screen by then.
        this.#screen.write('', () => {
          this.#exitCode = exitCode;
          this.#look();
          resolve(exitCode);
        }),
      );
    });
  }

  /** Resolves when the text stands on the screen or has left it at the top; rejects with the screen when it never will. */
  waitFor(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (problem: string | null) => {
        clearTimeout(patience);
        this.#waiting.delete(look);
        if (problem === null) resolve();
        else reject(new Error(`${problem} ${JSON.stringify(text)} on this screen:\n${this.scrollback()}`));
      };
      const look = () => {
        if (this.scrollback().includes(text)) settle(null);
        else if (this.#exitCode !== null) settle(`ended with ${this.#exitCode} and without`);
      };
      const patience = setTimeout(() => settle('waited in vain for'), PATIENCE_MS);
      this.#waiting.add(look);
      look();
    });
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Waits for the text, then types. */
  async answer(question: string, keys: string): Promise<void> {
    await this.waitFor(question);
    this.type(keys);
  }

  /** Sends the signal to the command. */
  signal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
    process.kill(-this.#pty.pid, signal);
  }

  /** Rejects with the screen when the command does not end. */
  get exitCode(): Promise<number> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(
        () => reject(new Error(`still runs, on this screen:\n${this.screen()}`)),
        PATIENCE_MS,
      );
      this.#ended.then((exitCode) => {
        clearTimeout(patience);
        resolve(exitCode);
      });
    });
  }

  /** The lines in view, without spaces at their ends and without empty lines below. */
  screen(): string {
    const { baseY } = this.#screen.buffer.active;
    return this.#lines(baseY);
  }

  /** All lines since the start, those that have left the screen too. What the terminal has broken is one line again. */
  scrollback(): string {
    return this.#lines(0);
  }

  /** The title of the window, if one was set. */
  title(): string {
    return this.#title;
  }

  /** Every byte that the terminal was sent. */
  output(): string {
    return this.#output;
  }

  /** After the end: echo and line mode are as before, and the cursor can be seen. */
  isRestored(): boolean {
    const settings = (name: string) => readFileSync(join(this.#settings, name), 'utf8');
    return (
      settings('after') === settings('before') &&
      this.#output.lastIndexOf('\x1b[?25l') <= this.#output.lastIndexOf('\x1b[?25h')
    );
  }

  /** Ends whatever still runs. */
  end(): void {
    if (this.#exitCode === null) process.kill(-this.#pty.pid, 'SIGKILL');
    rmSync(this.#settings, { recursive: true, force: true });
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }

  #lines(from: number): string {
    const buffer = this.#screen.buffer.active;
    let text = '';
    for (let row = from; row < buffer.length; row++) {
      const line = buffer.getLine(row);
      const isBroken = buffer.getLine(row + 1)?.isWrapped === true;
      text += `${line?.translateToString(!isBroken) ?? ''}${isBroken ? '' : '\n'}`;
    }
    return text.trimEnd();
  }
}
