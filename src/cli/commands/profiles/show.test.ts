import { describe, expect, it } from 'vitest';
import { ESC, Machine, PROFILE } from '../../machine.fixture.ts';

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

describe('show', () => {
  it('shows the active one without an id, tokens by their names, and a swatch where there is colour', async () => {
    const machine = await Machine.start();
    const tokens = ['--set', '--outkit-primary=#b30069', '--set', '--outkit-radius=4px'];
    const id = await machine.newProfile('--use', ...tokens);
    expect((await machine.run(['profiles', 'show'], { ...PLAIN })).stdout).toMatch(
      new RegExp(
        `^Web \\(${id}\\)  in use\n  Plan     free .*\n  Created  .*\n\nDesign\n  --outkit-primary  #b30069\n  --outkit-radius   4px\n$`,
      ),
    );
    const env = { TERM: 'xterm', COLORTERM: 'truecolor' };
    const coloured = await machine.run(['profiles', 'show', id], { tty: true, env });
    expect(coloured.stdout).toContain(`${ESC}[48;2;179;0;105m  ${ESC}[0m #b30069\n`);
    expect((await machine.run(['profiles', 'show', id], { tty: true, env: { TERM: 'xterm' } })).stdout).toContain(
      `${ESC}[48;5;125m  ${ESC}[0m #b30069`,
    );
    const piped = await machine.run(['profiles', 'show', id.slice(0, 12)]);
    expect(piped.stdout).toMatch(new RegExp(`^id\t${id}\nname\tWeb\nplan\tfree\nstatus\tin use\n`));
    expect(piped.stdout).toMatch(/\narchivedAt\tnever\n--outkit-primary\t#b30069\n--outkit-radius\t4px\n$/);
  });

  it('of a hostile server does nothing to the terminal', async () => {
    const machine = await Machine.start();
    const evil = `${ESC}[2J\u202e\r`;
    const find = async () => ({
      id: evil,
      teamId: evil,
      name: evil,
      plan: 'free' as const,
      design: { [evil]: evil },
      createdAt: 0,
      archivedAt: 0,
    });
    machine.overrideProfiles({ find, list: async () => [await find()] });
    for (const argv of [
      ['profiles', 'show', PROFILE],
      ['profiles', 'list', '--all'],
    ]) {
      for (const options of [PLAIN, { ...PLAIN, columns: 30 }, {}]) {
        const { stdout } = await machine.run(argv, options);
        expect(stdout).toContain('\\x1b[2J\\u202e\\x0d');
        expect(stdout).not.toMatch(/(?![\n\t])[\p{Cc}\u202e]/u);
      }
    }
  });
});
