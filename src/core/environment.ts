/** Where a key is meant to be used. The letter stands in the prefix of its secrets. */
export type Environment = 'development' | 'staging' | 'production';

export const ENVIRONMENTS = ['development', 'staging', 'production'] as const satisfies readonly Environment[];

export const ENVIRONMENT_LETTERS: Readonly<Record<Environment, string>> = {
  development: 'd',
  staging: 's',
  production: 'p',
};
