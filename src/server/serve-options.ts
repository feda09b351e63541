import type { OutkitError } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';
import type { ServeConfig } from './serve-config.ts';
import type { ServerLog } from './server-log.ts';
import type { SteadyClockSources } from './steady-clock.ts';

/** What `outkit serve` starts a server with. */
export interface ServeOptions {
  readonly config: ServeConfig;
  /** Of the package. */
  readonly version: string;
  readonly time: SteadyClockSources;
  readonly fillRandom: FillRandom;
  readonly log: ServerLog;
  /** Called once when the disk failed: the last change may be there or not, and only a new start can tell. */
  readonly onFailed: (error: OutkitError) => void;
  /**
   * Called before it serves, when nobody owns a team and the configuration names no owner: `<publicUrl>/setup?token=…`, which makes
   * whoever opens it the owner. Never written to the log.
   */
  readonly onSetupLink: (url: string) => void;
  /** Address of somebody who is to set a new password; `null` for nobody. `not_found` when nobody has it. */
  readonly resetEmail: string | null;
  /** Called before it serves with `<publicUrl>/reset?token=…`, which is good for an hour. Never written to the log. */
  readonly onResetLink: (url: string) => void;
}

export interface ServingServer {
  /** Where it listens, such as `http://127.0.0.1:4680`. */
  readonly url: string;
  /** Stops accepting, finishes what runs, writes what was counted, closes the databases, in less than 10 s. Safe to call twice. */
  close(): Promise<void>;
}

/** Resolves when it serves. Throws an {@link OutkitError}: `address_in_use`, `data_directory`, `not_found`. */
export type StartServer = (options: ServeOptions) => Promise<ServingServer>;
