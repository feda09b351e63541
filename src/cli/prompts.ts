import type { Readable, Writable } from 'node:stream';
import { confirm, select, text } from '@clack/prompts';
import { OutkitError } from '../core/errors.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Questions to a person. Ctrl-C and Escape throw `cancelled`, SIGTERM `terminated`. */
export interface Prompts {
  confirm(question: string, initial: boolean): Promise<boolean>;
  /** One of several; the first is preselected. Resolves to its value. */
  select(question: string, choices: readonly Choice[]): Promise<string>;
  /** Asks until `problemOf` finds none. */
  text(question: string, problemOf: (answer: string) => string | null): Promise<string>;
}

type OnSignal = (signal: 'SIGINT' | 'SIGTERM', handler: () => void) => () => void;

/** Prompts on a terminal, drawn on `output`: standard error, so that standard output stays data. */
export function terminalPrompts(input: Readable, output: Writable, onSignal: OnSignal): Prompts {
  return {
    confirm: (message, initialValue) =>
      ask((signal) => confirm({ message, initialValue, input, output, signal }), onSignal),
    select: (message, choices) =>
      ask(
        (signal) => select({ message, options: choices.map((choice) => ({ ...choice })), input, output, signal }),
        onSignal,
      ),
    text(message, problemOf) {
      const validate = (answer: string | undefined) => problemOf(answer ?? '') ?? undefined;
      return ask((signal) => text({ message, validate, input, output, signal }), onSignal);
    },
  };
}

/** A signal ends the question first and the command after it: else the terminal would be left without cursor and echo. */
async function ask<Answer>(prompt: (signal: AbortSignal) => Promise<Answer>, onSignal: OnSignal) {
  const question = new AbortController();
  let ending = new OutkitError('cancelled', 'Cancelled: nothing was changed');
  const giveBack = [
    onSignal('SIGINT', () => question.abort()),
    onSignal('SIGTERM', () => {
      ending = new OutkitError('terminated', 'Ended by SIGTERM at a question');
      question.abort();
    }),
  ];
  try {
    const answer = await prompt(question.signal);
    if (typeof answer === 'symbol') throw ending;
    return answer as Exclude<Answer, symbol>;
  } finally {
    for (const give of giveBack) give();
  }
}
