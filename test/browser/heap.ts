import type { CDPSession, Page } from 'playwright-core';
import { formsOf } from '../acceptance/canary-search.ts';

/** The forms in which a secret is in the memory of the scripts of a page, after whatever nothing refers to any more was collected. */
export async function formsInHeap(page: Page, secret: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const snapshot = await heapOf(session);
    return formsOf(secret)
      .filter(({ bytes }) => snapshot.includes(bytes))
      .map(({ form }) => form);
  } finally {
    await session.detach();
  }
}

async function heapOf(session: CDPSession): Promise<Buffer> {
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  const snapshot = Buffer.from(chunks.join(''));
  // A snapshot that is cut would hide what it does not have.
  JSON.parse(snapshot.toString());
  return snapshot;
}
