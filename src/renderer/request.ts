import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { COMPONENT_NAMES } from './components.ts';

/** Most UTF-8 bytes of `content`; more is refused as too large, before anything is parsed. */
export const MAX_CONTENT_BYTES = 512 * 1024;

const MAX_CONTEXT_LENGTH = 8192;
const MAX_COMPONENTS = 100;

const preferenceEntries = {
  /** These get the places first when there are more components than the limit, and `chart` asks for charts of numeric tables. */
  preferredTypes: v.exactOptional(
    v.pipe(
      v.array(v.picklist(COMPONENT_NAMES)),
      v.maxLength(COMPONENT_NAMES.length),
      v.check((types) => new Set(types).size === types.length, 'Each type at most once'),
    ),
  ),
  /** Can lower the limit of the plan, never raise it. */
  maxComponents: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_COMPONENTS))),
  density: v.exactOptional(v.picklist(['compact', 'normal', 'detailed'])),
  fallbackPolicy: v.exactOptional(v.picklist(['onFail', 'always', 'never'])),
};

/** What a caller may wish for. All of it is optional; see docs/components.md. */
export const preferencesSchema = v.pipe(
  // An object schema of valibot takes an array for an object without members.
  v.custom<object>((input) => !Array.isArray(input), 'Expected an object'),
  v.strictObject(preferenceEntries),
);

/** Body of `POST /render/enhance`. Lengths are UTF-16 units, so `content` also has to be held against MAX_CONTENT_BYTES. */
export const enhanceRequestSchema = v.strictObject({
  content: v.pipe(v.string(), v.maxLength(MAX_CONTENT_BYTES)),
  /** What the text was written for. Accepted for callers that send it; the rules read the document only. */
  context: v.exactOptional(v.nullable(v.pipe(v.string(), v.maxLength(MAX_CONTEXT_LENGTH)))),
  preferences: v.exactOptional(preferencesSchema),
});

/** The same as JSON schema (draft 7), for the API description; that a type comes once only is left to the check above. */
export const enhanceRequestJsonSchema: JsonSchema = toJsonSchema(enhanceRequestSchema, {
  typeMode: 'output',
  ignoreActions: ['check'],
});

export type Preferences = v.InferOutput<typeof preferencesSchema>;
