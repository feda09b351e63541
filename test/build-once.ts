import { execFileSync } from 'node:child_process';

/** Builds the command line once before the tests, so that the acceptance tests never run an older build. */
export default function buildOnce(): void {
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
}
