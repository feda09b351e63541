import { expect } from 'vitest';
import type { Finished, Project, RunOptions } from './outkit.ts';

/** Runs commands and requests, and keeps every byte that they gave back but the one showing of each key. */
export class Witness {
  /** Every plaintext there is, in the order of minting. */
  readonly secrets: string[] = [];
  readonly #project: Project;
  readonly #written = new Map<string, Buffer>();

  constructor(project: Project) {
    this.#project = project;
  }

  get written(): ReadonlyMap<string, Buffer> {
    return this.#written;
  }

  keep(what: string, contents: string): void {
    this.#written.set(`${this.#written.size} ${what}`, Buffer.from(contents));
  }

  /** A command that shows nothing. `-` stands for the key in the name under which its output is kept. */
  async run(args: readonly string[], options?: RunOptions): Promise<Finished> {
    const finished = await this.#project.run(args, options);
    this.keep(`outkit ${args.join(' ')}`, `${finished.stdout}\n${finished.stderr}`);
    return finished;
  }

  /** A command that shows one new key, on standard output and once. */
  async runShowing(args: readonly string[], options?: RunOptions): Promise<string> {
    const { stdout, stderr, exitCode } = await this.#project.run(args, options);
    expect(exitCode, stderr).toBe(0);
    const [before = '', secret = '', after = ''] = stdout.split(/(ok[dsp]_[0-9A-Za-z]{38})/);
    expect(before + secret + after).toBe(stdout);
    this.secrets.push(secret);
    this.keep(`outkit ${args.join(' ')}`, `${before}${after}\n${stderr}`);
    return secret;
  }

  /** A request whose whole answer is kept. */
  async fetch(url: string, init?: RequestInit): Promise<{ status: number; text: string }> {
    const response = await fetch(url, init);
    const text = await response.text();
    const headers = [...response.headers].map((header) => header.join(': ')).join('\n');
    this.keep(`${init?.method ?? 'GET'} ${response.status}`, `${headers}\n\n${text}`);
    return { status: response.status, text };
  }
}
