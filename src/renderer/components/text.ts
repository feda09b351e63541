import * as v from 'valibot';

/** Markdown that no other component was made of, byte for byte as in the document, with its blank lines. */
export const textProps = v.strictObject({
  content: v.string(),
  variant: v.picklist(['prose']),
});
