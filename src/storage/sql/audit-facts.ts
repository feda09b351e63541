import type { AuditFacts } from '../../core/audit.ts';

/** How facts stand in a column. */
export function factsText(facts: AuditFacts | null): string | null {
  return facts === null ? null : JSON.stringify(facts);
}

/**
 * Text that was never written by us comes out as a fact that no entry has: whoever damages a row must not keep the rest of the log from
 * being read, and the hash of the entry tells.
 */
export function factsFromText(text: string | null): AuditFacts | null {
  if (text === null) return null;
  const value = parsed(text);
  const isFlat = Object.values(value ?? {}).every(
    (fact) => fact === null || ['string', 'number'].includes(typeof fact),
  );
  const isFacts = typeof value === 'object' && value !== null && !Array.isArray(value) && isFlat;
  return isFacts ? (value as AuditFacts) : { damaged: text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
