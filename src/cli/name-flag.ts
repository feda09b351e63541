import { OutkitError } from '../core/errors.ts';
import { NAME_RULE, normalizedName } from '../core/key-name.ts';
import type { CommandContext } from './command.ts';

const PROBLEM = `A name has ${NAME_RULE}`;
const EXAMPLES = { key: '"dev key"', profile: 'Web', team: 'Acme' } as const;

/** The name of a new thing: of `-n`, else asked for. Throws `usage`, and `needs_terminal` where nobody can be asked. */
export async function newName(
  flag: string | undefined,
  noun: keyof typeof EXAMPLES,
  { io, interactive }: CommandContext,
): Promise<string> {
  const example = `outkit ${noun}s create -n ${EXAMPLES[noun]}`;
  if (flag !== undefined) return checkedName(flag, example);
  if (!interactive) {
    throw new OutkitError('needs_terminal', `A ${noun} needs a name`, `outkit ${noun}s create -n <name>`);
  }
  const { text } = await io.openPrompts();
  const answer = await text(`Name of the ${noun}`, (name) => (normalizedName(name) === null ? PROBLEM : null));
  return checkedName(answer, example);
}

/** A name in the form that is stored. Throws `usage` with an example. */
export function checkedName(text: string, example: string): string {
  const name = normalizedName(text);
  if (name === null) throw new OutkitError('usage', PROBLEM, example);
  return name;
}
