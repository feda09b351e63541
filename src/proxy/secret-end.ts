const DEPRECATION = /^@\d{1,11}$/;
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * When the secret that was sent ends, as milliseconds since 1970, if the renderer says that it is an old one: `Deprecation` (RFC 9745)
 * and `Sunset` (RFC 8594), both as their standards write them. `null` when they are missing or say anything else.
 */
export function endOfOldSecret(headers: Headers): number | null {
  if (!DEPRECATION.test(headers.get('deprecation') ?? '')) return null;
  const sunset = headers.get('sunset') ?? '';
  if (!IMF_FIXDATE.test(sunset)) return null;
  const end = Date.parse(sunset);
  // Not for the 30th of February, and not for a Monday that is none.
  return Number.isFinite(end) && new Date(end).toUTCString() === sunset ? end : null;
}
