import packageJson from '../../package.json' with { type: 'json' };

export const VERSION: string = packageJson.version;

/** The oldest Node that runs us, as `>=22.18`. */
export const NODE_RANGE: string = packageJson.engines.node;
