import type { Readable, Writable } from 'node:stream';
import { confirm, text } from '@clack/prompts';
import { OutkitError } from '../core/errors.ts';

/** Questions to a person. Ctrl-C throws `cancelled`. */
export interface Prompts {
  confirm(question: string, initial: boolean): Promise<boolean>;
  /** Asks until `problemOf` finds none. */
  text(question: string, problemOf: (answer: string) => string | null): Promise<string>;
}

/** Prompts on a terminal, drawn on `output`: standard error, so that standard output stays data. */
export function terminalPrompts(input: Readable, output: Writable): Prompts {
  return {
    async confirm(question, initial) {
      return answered(await confirm({ message: question, initialValue: initial, input, output }));
    },
    async text(question, problemOf) {
      const validate = (answer: string | undefined) => problemOf(answer ?? '') ?? undefined;
      return answered(await text({ message: question, validate, input, output }));
    },
  };
}

function answered<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (typeof answer === 'symbol') throw new OutkitError('cancelled', 'Cancelled: nothing was changed');
  return answer as Exclude<Answer, symbol>;
}
