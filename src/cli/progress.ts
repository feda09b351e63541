import type { CommandContext } from './command.ts';

const AFTER_MS = 1_000;
const EVERY_MS = 100;

export interface Progress {
  show(text: string): void;
  /** Leaves the line as it was. */
  clear(): void;
}

/** A line on a terminal's standard error for work that takes more than a second; nothing anywhere else. */
export function openProgress({ io, output }: Pick<CommandContext, 'io' | 'output'>): Progress {
  const isShown = io.stderr.isTTY && io.env['TERM'] !== 'dumb' && !output.isJson;
  let next = performance.now() + AFTER_MS;
  let isDirty = false;
  return {
    show(text) {
      if (!isShown || performance.now() < next) return;
      next = performance.now() + EVERY_MS;
      isDirty = true;
      io.stderr.write(`\r${text.slice(0, io.stderr.columns - 1)}`);
    },
    clear() {
      if (isDirty) io.stderr.write('\r\x1b[2K');
    },
  };
}

/** Shows a line for as long as something takes that says nothing of how far it is. */
export async function withProgress<Result>(
  text: string,
  context: Pick<CommandContext, 'io' | 'output'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const progress = openProgress(context);
  const timer = setInterval(() => progress.show(text), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    progress.clear();
  }
}
