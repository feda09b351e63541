import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();

/** Has a child killed when this process ends before it, by an error that nobody caught too. A signal has to be handled for that. */
export function endsWithUs(child: ChildProcess): void {
  if (children.size === 0) process.once('exit', killAll);
  children.add(child);
  child.once('exit', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}
