import * as v from 'valibot';

const NAME = 'outkit-place';
const keptSchema = v.strictObject({ teamId: v.nullable(v.string()), profileId: v.nullable(v.string()) });

export type KeptPlace = v.InferOutput<typeof keptSchema>;

/** Where this browser looked last; nowhere when it keeps nothing, or something that we did not write. */
export function keptPlace(): KeptPlace {
  try {
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), keptSchema), localStorage.getItem(NAME));
    if (read.success) return read.output;
  } catch {
    // Some browsers forbid storage.
  }
  return { teamId: null, profileId: null };
}

export function keepPlace(place: KeptPlace): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(place));
  } catch {
    // Some browsers forbid storage, or have no room: then the next visit begins at the first profile.
  }
}
