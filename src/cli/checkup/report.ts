import { folded, padded } from '../columns.ts';
import type { Colours, Output } from '../output.ts';
import { visible } from '../visible-text.ts';
import type { Check, Verdict } from './check.ts';

const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✓', warn: '!', fail: '✗', skip: '–' };
const NAME_WIDTH = 10;
const INDENT = ' '.repeat(NAME_WIDTH + 4);
const MIN_TEXT_WIDTH = 30;

/** One document, a line each for programs, or a list for people; how many passed stands on standard error. */
export function printChecks(checks: readonly Check[], output: Output): void {
  if (output.isJson) {
    output.document({ ok: !hasFailed(checks), checks });
    return;
  }
  for (const check of checks) {
    if (output.isTerminal) printForPeople(check, output);
    else output.line([check.name, check.verdict, check.detail, check.fix ?? ''].map(visible).join('\t'));
  }
  output.note(summaryOf(checks));
}

export function hasFailed(checks: readonly Check[]): boolean {
  return checks.some(({ verdict }) => verdict === 'fail');
}

function printForPeople({ name, verdict, detail, fix }: Check, output: Output): void {
  const { colours } = output;
  const width = Math.max(MIN_TEXT_WIDTH, output.columns - INDENT.length);
  const [first = '', ...rest] = folded(visible(detail), width);
  const paint = verdict === 'skip' ? colours.dim : (text: string) => text;
  output.line(`${painted(verdict, colours)} ${padded(name, NAME_WIDTH)}  ${paint(first)}`);
  for (const line of rest) output.line(INDENT + paint(line));
  // Never folded: it is there to be copied.
  if (fix !== null) output.line(`${INDENT}Try: ${colours.cyan(visible(fix))}`);
}

function painted(verdict: Verdict, colours: Colours): string {
  const paint = { pass: colours.green, warn: colours.yellow, fail: colours.red, skip: colours.dim }[verdict];
  return paint(SIGNS[verdict]);
}

/** `9 passed, 1 warning, 2 failed` */
function summaryOf(checks: readonly Check[]): string {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const warnings = count('warn');
  const parts: [number, string][] = [
    [count('pass'), 'passed'],
    [warnings, warnings === 1 ? 'warning' : 'warnings'],
    [count('fail'), 'failed'],
    [count('skip'), 'skipped'],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join(', ');
}
