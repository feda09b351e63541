import { maskedStart } from '../../core/secret.ts';
import { commandLine } from '../command-line.ts';
import { keyLabel } from '../key-label.ts';
import { localTime } from '../relative-time.ts';
import { type Finding, fail, pass, skip, warn } from './check.ts';
import { KEY_VARIABLE } from './env-file-facts.ts';
import { known } from './fact.ts';
import type { Facts } from './facts.ts';
import { envFileFlags as flagsFor } from './leak-fix.ts';
import type { SecretState } from './secret-state.ts';
import { endOf } from './secret-words.ts';
import type { SeenSecret, SeenValue } from './seen-secret.ts';

type KeyFacts = Pick<Facts, 'envFile' | 'environmentKey' | 'states' | 'config' | 'now'>;
type KnownState = Extract<SecretState, { kind: 'known' }>;

/** Where a key stands, and how commands that mint another put it there. */
interface Place {
  readonly label: string;
  readonly envFileFlags: readonly string[];
}

/** Every key that an app of the project would use: that of the environment first, since it outranks the file. */
export function checkKeys(facts: KeyFacts): readonly Finding[] {
  const file = known(facts.envFile);
  const fileName = file?.shownPath ?? 'the env file';
  const findings: Finding[] = [];
  const { environmentKey } = facts;
  if (environmentKey !== null) {
    const place = { label: `${KEY_VARIABLE} of the environment`, envFileFlags: [] };
    findings.push(checkValue(environmentKey, place, facts));
  }
  for (const { name, line, value } of file?.variables ?? []) {
    const place = { label: `${name} in ${fileName}:${line}`, envFileFlags: flagsFor(name) };
    findings.push(checkValue(value, place, facts));
  }
  if (findings.length > 0) return findings;
  if (facts.envFile.kind === 'not_looked') return [skip(facts.envFile.why)];
  return [warn(`${KEY_VARIABLE} is neither in the environment nor in ${fileName}`, newKey(['--env-file']))];
}

function checkValue(value: SeenValue, place: Place, facts: KeyFacts): Finding {
  const { label, envFileFlags } = place;
  switch (value.kind) {
    case 'empty':
      return warn(`${label} is empty`, newKey(envFileFlags));
    case 'wrong_checksum':
      return fail(`${label}: ${value.start} is damaged, its checksum is wrong`, newKey(inPlace(envFileFlags)));
    case 'no_key':
      return fail(`${label} holds ${value.start ?? 'something'} that is no Outkit key`, newKey(inPlace(envFileFlags)));
    case 'secret':
      return checkSecret(value.secret, place, facts);
  }
}

function checkSecret(secret: SeenSecret, { label, envFileFlags }: Place, facts: KeyFacts): Finding {
  const state = facts.states.get(secret.hash);
  const subject = `${label}: ${maskedStart(secret.start)}`;
  if (state?.kind === 'failed') return fail(`${subject}: ${state.what}`, state.fix);
  if (state?.kind !== 'known')
    return skip(`${subject} is well formed; its state needs a server that takes the credential`);
  if (state.value.kind === 'unknown') {
    return fail(`${subject} is unknown to this server: it is of another server`, newKey(inPlace(envFileFlags)));
  }
  const { key, secret: role } = state.value;
  if (role === 'ended') {
    const isOver = key.status !== 'active' && key.status !== 'rotating';
    const flags = inPlace(envFileFlags);
    const fix = isOver ? newKey(flags) : commandLine(['keys', 'rotate', key.id, ...flags]);
    return fail(`${subject} of ${keyLabel(key)} is refused: ${endOf(secret, state.value)}`, fix);
  }
  return checkLiveSecret(subject, state.value, envFileFlags, facts);
}

function checkLiveSecret(
  subject: string,
  { key, secret: role, stats }: KnownState,
  envFileFlags: readonly string[],
  { config, now }: KeyFacts,
): Finding {
  const ofKey = `${subject} of ${keyLabel(key)}`;
  const until = key.previousSecret === null ? '' : localTime(key.previousSecret.acceptedUntil);
  if (role === 'previous') {
    const detail = `${ofKey} is the old secret, accepted until ${until}: put the new one there`;
    return warn(
      `${detail}, or if nobody has it mint another`,
      commandLine(['keys', 'rotate', key.id, '--replace-new', ...envFileFlags]),
    );
  }
  const profile = known(config)?.config?.profile;
  if (profile !== undefined && key.profileId !== profile) {
    return warn(
      `${ofKey} belongs to profile ${key.profileId}, not to that of outkit.json`,
      newKey(inPlace(envFileFlags)),
    );
  }
  if (stats !== null && stats.rateLimit.remaining === 0) {
    const { limit, resetAt } = stats.rateLimit;
    const reset =
      resetAt === null ? '' : `; all of it is free again in ${Math.max(0, Math.ceil((resetAt - now) / 1000))} s`;
    return warn(`${ofKey} is at its limit of ${limit} a minute${reset}`, commandLine(['keys', 'stats', key.id]));
  }
  return pass(`${ofKey} is active${until === '' ? '' : `; its old secret is accepted until ${until}`}`);
}

/** In the place of a value that is no living secret of the key: without `--force` that is a question, which only a terminal can answer. */
function inPlace(envFileFlags: readonly string[]): readonly string[] {
  return envFileFlags.length === 0 ? [] : [...envFileFlags, '--force'];
}

function newKey(envFileFlags: readonly string[]): string {
  return ['outkit keys create -n "dev key"', ...envFileFlags].join(' ');
}
