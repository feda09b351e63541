import { readFileSync } from 'node:fs';

/** Megabytes of memory that a process has (`VmRSS` of Linux). */
export function memoryOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
