import type { CDPSession, Page } from 'playwright-core';
import { isWellFormedSecret } from '../../src/core/secret.ts';
import { formsOf } from '../acceptance/canary-search.ts';

/** The forms in which a secret is in the memory of the scripts of a page, after whatever nothing refers to any more was collected. */
export async function formsInHeap(page: Page, secret: string): Promise<string[]> {
  const heap = await heapOfPage(page);
  return formsOf(secret)
    .filter(({ bytes }) => heap.includes(bytes))
    .map(({ form }) => form);
}

/** Whole secrets that are in that memory, whoever made them. */
export async function secretsInHeap(page: Page): Promise<string[]> {
  const found = String(await heapOfPage(page)).match(/ok[dsp]_[0-9A-Za-z]{38}/g) ?? [];
  return [...new Set(found)].filter((text) => isWellFormedSecret(text));
}

async function heapOfPage(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  try {
    return await heapOf(session);
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
