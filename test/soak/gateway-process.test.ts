import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { kill } from 'node:process';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished, vi } from 'vitest';
import { GatewayProcess } from './gateway-process.ts';

const READY = 'console.error("Ready on"); setInterval(() => {}, 1000)';

function isRunning(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch {
    return false;
  }
}

it('is not started again once it is closed, by a fault that is still under way', async () => {
  const program = [process.execPath, '-e', READY] as const;
  const gateway = new GatewayProcess({ name: 'one', port: 1, program, directory: '/', env: {} });
  onTestFinished(() => void gateway.end('SIGKILL'));
  await gateway.start();
  await gateway.end('SIGKILL');
  await gateway.start();
  await gateway.close();
  await expect(gateway.start()).rejects.toThrow('closed');
  expect(isRunning(gateway.pid ?? 0)).toBe(false);
});

it('does not outlive the process that started it, when that one ends by an error', async () => {
  const module = new URL('gateway-process.ts', import.meta.url).href;
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { GatewayProcess } = await import(${JSON.stringify(module)});
       const program = [process.execPath, '-e', ${JSON.stringify(READY)}];
       const gateway = new GatewayProcess({ name: 'one', port: 1, program, directory: '/', env: {} });
       await gateway.start();
       console.log(gateway.pid);
       setTimeout(() => { throw new Error('no'); });`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = once(parent, 'exit');
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const pid = Number(line);
  onTestFinished(() => void (isRunning(pid) && kill(pid, 'SIGKILL')));
  expect((await ended)[0]).toBe(1);
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 5_000);
});
