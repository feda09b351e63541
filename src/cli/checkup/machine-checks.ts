import { shellWord } from '../command-line.ts';
import { CONFIG_NAME } from '../project.ts';
import { NODE_RANGE } from '../version.ts';
import { type Finding, fail, judged, pass, warn } from './check.ts';
import type { Facts } from './facts.ts';

/** The Node of the package's own dependencies, to which `bin/outkit.js` hands over when the other one is too old. */
const OWN_NODE = /[\\/]node_modules[\\/]node[\\/]bin[\\/]node(?:\.exe)?$/;

export function checkNode({ node }: Pick<Facts, 'node'>): Finding {
  const found = OWN_NODE.test(node.path) ? `${node.version}, the one that the package brings along` : node.version;
  if (isAtLeast(node.version, NODE_RANGE)) return pass(found);
  return fail(`${found}: outkit needs Node ${NODE_RANGE}`, 'install Node 24 LTS');
}

export function checkConfig({ config, server }: Pick<Facts, 'config' | 'server'>): Finding {
  if (config.kind === 'failed') return fail(config.what, config.fix ?? 'correct it in an editor');
  return judged(config, ({ config: read, warnings }) => {
    if (read === null) {
      // It makes one at a server that is there; `outkit dev` brings a server along.
      const fix = server.kind === 'known' ? 'outkit init' : 'outkit dev';
      return warn(`there is no ${CONFIG_NAME} here or above`, fix);
    }
    const [first] = warnings;
    if (first !== undefined) return warn(first, `edit ${shellWord(read.path)}`);
    return pass(read.path);
  });
}

/** `range` is `>=major.minor`. */
function isAtLeast(version: string, range: string): boolean {
  const [major = 0, minor = 0] = numbersOf(version);
  const [leastMajor = 0, leastMinor = 0] = numbersOf(range);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function numbersOf(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}
