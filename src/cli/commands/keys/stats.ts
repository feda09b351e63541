import { type Command, Option } from 'commander';
import { statsJson } from '../../../api/key-answers.ts';
import { DEFAULT_WINDOW_MS } from '../../../api/key-requests.ts';
import { HOUR_MS } from '../../../core/clock.ts';
import { OutkitError } from '../../../core/errors.ts';
import { MAX_HOURLY_WINDOW_MS, MAX_WINDOW_MS, SERIES_STEPS, type SeriesStep } from '../../../core/usage-series.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { withFlagValue } from '../../command-line.ts';
import { parseDuration } from '../../duration.ts';
import { resolveKey } from '../../key-id.ts';
import { fieldsOf, printForPeople } from './stats-view.ts';

interface StatsOptions {
  readonly since?: string;
  readonly step?: SeriesStep;
}

/** `outkit keys stats` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Shows what a key was used for, and how much of its rate limit is left. Reading spends nothing of it.')
    .argument('<keyId>', 'id of the key, or the start of it')
    .option('--since <span>', 'window: 24h, 7d, 30d, up to 365d, in whole hours (default: 24h)')
    .addOption(
      new Option('--step <step>', 'what a point of the series is (default: hour up to 7d, then day)').choices(
        SERIES_STEPS,
      ),
    )
    .action((keyId: string, options: StatsOptions) => launch((context) => stats(keyId, options, context)));
  addHelp(command, {
    examples: [
      'outkit keys stats key_7hq3m2xk9tqw4bnz',
      'outkit keys stats key_7hq3m2xk9tqw4bnz --since 90d --step day --json',
    ],
    output: [
      'terminal  counts of the window, error rate, latency, headroom, and a line of bars',
      'pipe      field and value separated by a tab, times in ISO 8601',
      '--json    {id, served, errorRate, clientErrors, serverErrors, rateLimited, refused, refusals, latency, lastUsedAt, rateLimit, series, …}',
      'days are those of UTC; each point of a series has the time at which it starts',
    ],
    exitCodes: ['3 no such key'],
  });
}

async function stats(keyId: string, options: StatsOptions, context: CommandContext): Promise<undefined> {
  const rule = { flag: '--since', minMs: HOUR_MS, maxMs: MAX_WINDOW_MS, argv: context.argv };
  const windowMs = options.since === undefined ? DEFAULT_WINDOW_MS : parseDuration(options.since, rule);
  if (options.step === 'hour' && windowMs > MAX_HOURLY_WINDOW_MS) {
    throw new OutkitError(
      'usage',
      'Hours are kept for 30 days: --since takes up to 30d with --step hour',
      withFlagValue(context.argv, '--since', '30d'),
    );
  }
  const session = await context.session();
  const key = await resolveKey(keyId, session, { argv: context.argv, wholeId: false });
  const found = await session.keys.stats(key.id, windowMs, options.step);
  const { output, io } = context;
  if (output.isJson) output.document(statsJson(found));
  else if (output.isTerminal) printForPeople(found, io.now(), output);
  else for (const [field, value] of fieldsOf(found)) output.line(`${field}\t${value}`);
}
