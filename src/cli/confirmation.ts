import { OutkitError } from '../core/errors.ts';
import type { CommandContext } from './command.ts';
import { commandLine } from './command-line.ts';

export interface YesFlag {
  readonly yes?: boolean;
}

/** Throws `needs_terminal` when a question will be asked and nobody is there; `what` is what is refused, such as `remove`. */
export function refuseUnasked({ yes }: YesFlag, what: string, { interactive, argv }: CommandContext): void {
  if (yes === true || interactive) return;
  const message = `Refusing to ${what} without confirmation. Re-run with -y.`;
  throw new OutkitError('needs_terminal', message, commandLine([...argv, '-y']));
}

/** Asks unless `-y` was given, with No preselected. Throws `cancelled` with the words for a no. */
export async function confirmed({ yes }: YesFlag, question: string, no: string, { io }: CommandContext): Promise<void> {
  if (yes === true) return;
  const { confirm } = await io.openPrompts();
  if (!(await confirm(question, false))) throw new OutkitError('cancelled', `Cancelled: ${no}`);
}
