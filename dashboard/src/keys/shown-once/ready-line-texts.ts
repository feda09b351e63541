import type { Environment } from '../../../../src/core/environment.ts';

/** Lines for where an app runs, as the command line and `outkit/proxy` name things. */

const VARIABLE = 'OUTKIT_API_KEY';

export const KEY_ASSIGNMENT = `${VARIABLE}=`;
/** The renderer is where this page came from. */
export const ADDRESS_LINE = `OUTKIT_API_URL=${globalThis.location?.origin ?? ''}`;

const VERCEL_ENVIRONMENTS: Readonly<Record<Environment, string>> = {
  development: 'development',
  staging: 'preview',
  production: 'production',
};

/** It asks for the value. */
export function vercelCommand(environment: Environment): string {
  return `vercel env add ${VARIABLE} ${VERCEL_ENVIRONMENTS[environment]}`;
}

export const DOCKER_COMMAND = 'docker run --env-file .env.local your-image';

/** It asks for the value. */
export const SECRET_COMMAND = `gh secret set ${VARIABLE}`;
export const WORKFLOW = `env:\n  ${VARIABLE}: \${{ secrets.${VARIABLE} }}`;
