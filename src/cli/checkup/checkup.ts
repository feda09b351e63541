import { redacted } from '../../core/redaction.ts';
import { checkBuilds } from './build-checks.ts';
import type { Check, CheckName, Finding } from './check.ts';
import { checkFiles, checkHistory } from './committed-checks.ts';
import { checkBrowserVariables, checkEnvFile } from './env-file-checks.ts';
import type { Facts } from './facts.ts';
import { checkKeys } from './key-checks.ts';
import { checkCredential, checkLogins } from './login-checks.ts';
import { checkConfig, checkNode } from './machine-checks.ts';
import { checkClock, checkProfile, checkServer, checkTls, checkVersion } from './server-checks.ts';

type Judge = (facts: Facts) => Finding | readonly Finding[];

/** In the order in which they are shown; each looks at the facts alone. */
const CHECKS: readonly (readonly [CheckName, Judge])[] = [
  ['node', checkNode],
  ['config', checkConfig],
  ['server', checkServer],
  ['version', checkVersion],
  ['tls', checkTls],
  ['clock', checkClock],
  ['logins', checkLogins],
  ['credential', checkCredential],
  ['profile', checkProfile],
  ['env-file', checkEnvFile],
  ['browser', checkBrowserVariables],
  ['build', checkBuilds],
  ['files', checkFiles],
  ['history', checkHistory],
  ['key', checkKeys],
];

/** Judges the facts. A check may have several findings, each with its own fix. */
export function runChecks(facts: Facts): readonly Check[] {
  return CHECKS.flatMap(([name, judge]) => [judge(facts)].flat().map((finding) => safe(name, finding)));
}

/** A net under every text: a path or a message from elsewhere may have a key in it. */
function safe(name: CheckName, { verdict, detail, fix }: Finding): Check {
  return { name, verdict, detail: redacted(detail), fix: fix === null ? null : redacted(fix) };
}
