import { createColors } from 'picocolors';
import type { OutkitError } from '../core/errors.ts';
import { redacted } from '../core/redaction.ts';
import { type ColourFlag, wantsColour } from './colour.ts';
import type { Io } from './io.ts';
import { visible, visibleJson } from './visible-text.ts';

export type Colours = ReturnType<typeof createColors>;

/**
 * The two streams. Data goes to standard output in one of three forms; everything else to standard error, and with `--json` only errors do.
 * Callers pass text from elsewhere through `visible` before they add colour; errors are made safe here.
 */
export interface Output {
  readonly isJson: boolean;
  /** Standard output is a terminal and `--json` was not asked for: tables and colours instead of tab-separated lines. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly colours: Colours;
  /** The one document of `--json`. */
  document(value: unknown): void;
  /** A line of data. */
  line(text?: string): void;
  /** A line on standard error that is no problem: a hint, a notice. */
  note(text: string): void;
  warn(text: string): void;
  error(error: OutkitError): void;
  /** A stack trace, line by line. */
  trace(text: string): void;
}

/** What the person chose about output. */
export interface OutputFlags {
  readonly json: boolean;
  readonly colour: ColourFlag;
}

export function openOutput(io: Pick<Io, 'stdout' | 'stderr' | 'env'>, flags: OutputFlags): Output {
  const colours = createColors(wantsColour(flags.colour, io.env, io.stdout.isTTY));
  const errorColours = createColors(wantsColour(flags.colour, io.env, io.stderr.isTTY));
  const tell = (text: string) => {
    if (!flags.json) io.stderr.write(`${text}\n`);
  };
  return {
    isJson: flags.json,
    isTerminal: io.stdout.isTTY && !flags.json,
    columns: io.stdout.columns,
    colours,
    document: (value) => io.stdout.write(`${visibleJson(value, 2)}\n`),
    line: (text = '') => io.stdout.write(`${text}\n`),
    note: tell,
    warn: (text) => tell(`${errorColours.yellow('Warning:')} ${text}`),
    error({ code, message, details, hint }) {
      if (flags.json) {
        io.stderr.write(
          `${redacted(visibleJson({ error: { code, message: [message, ...details].join('\n  '), hint } }))}\n`,
        );
        return;
      }
      // Line by line: a name from elsewhere in one of them does not become a line of its own.
      const what = redacted([message, ...details].map(visible).join('\n  '));
      // Who cancelled did nothing wrong.
      tell(code === 'cancelled' ? what : `${errorColours.red('Error:')} ${what}`);
      if (hint !== null) tell(`  Try: ${redacted(visible(hint))}`);
    },
    trace: (text) => tell(redacted(text.split('\n').map(visible).join('\n'))),
  };
}
