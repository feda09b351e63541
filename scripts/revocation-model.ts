// The model of revocation: without a name it searches all configurations and all ablations and prints the tables of
// docs/revocation.md; with the name of a rule it prints what goes wrong without it, one line a step.
import { ABLATIONS } from '../test/revocation-model/ablations.ts';
import type { Configuration } from '../test/revocation-model/configuration.ts';
import { CONFIGURATIONS } from '../test/revocation-model/configurations.ts';
import { PROPERTIES } from '../test/revocation-model/properties.ts';
import { RULES, type Rule, rulesWithout } from '../test/revocation-model/rules.ts';
import { search } from '../test/revocation-model/search.ts';
import { printed, traceOf } from '../test/revocation-model/trace.ts';

const name = process.argv[2];
if (name === undefined) printTables();
else if (Object.hasOwn(RULES, name)) printCounterexample(name as Rule);
else {
  print(`No rule is called "${name}". Rules:\n${Object.keys(RULES).join('\n')}`);
  process.exitCode = 2;
}

function printTables(): void {
  print('| configuration | | states | steps | seconds |\n|---|---|--:|--:|--:|');
  for (const [key, configuration] of Object.entries(CONFIGURATIONS)) {
    const startedAt = performance.now();
    const { states, transitions, path } = search(configuration, rulesWithout(null));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    print(`| \`${key}\` | ${configuration.name} | ${states} | ${transitions} | ${seconds} |${path ? ' BROKEN' : ''}`);
  }
  print('\n| rule | without it | configuration | counterexample |\n|---|---|---|--:|');
  for (const rule of Object.keys(RULES) as Rule[]) {
    const { configuration, breaks } = ABLATIONS[rule];
    const { path } = search(CONFIGURATIONS[configuration], rulesWithout(rule), breaks);
    print(`| \`${rule}\`: ${RULES[rule]} | ${breaks} | \`${configuration}\` | ${path ? path.length - 1 : 'NONE'} |`);
  }
}

function printCounterexample(rule: Rule): void {
  const { configuration: key, breaks } = ABLATIONS[rule];
  const configuration: Configuration = CONFIGURATIONS[key];
  const rules = rulesWithout(rule);
  const { path, states } = search(configuration, rules, breaks);
  print(`Without "${RULES[rule]}", in ${configuration.name} (${states} states until then).`);
  print(`Changes: ${configuration.changes.map((change, index) => `${index + 1} ${change}`).join(', ')}.\n`);
  print(path === null ? 'Nothing breaks.' : printed(traceOf(configuration, rules, path)));
  print(`\nBroken: ${PROPERTIES[breaks]}.`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
