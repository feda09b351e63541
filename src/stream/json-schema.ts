import { isObject } from './json.ts';

/** The part of JSON Schema (draft 7) that says of which type a value is. */
export type JsonSchema =
  | { readonly anyOf: readonly JsonSchema[] }
  | { readonly enum: readonly unknown[] }
  | { readonly type: 'string' | 'number' | 'boolean' | 'null' }
  | { readonly type: 'array'; readonly items: JsonSchema }
  | {
      readonly type: 'object';
      readonly properties?: Readonly<Record<string, JsonSchema>>;
      readonly required?: readonly string[];
      /** Of members that are not in `properties`; those may be anything without it. */
      readonly additionalProperties?: JsonSchema;
    };

/** True when a value, which came from JSON, is of the type that a schema says. */
export function fits(value: unknown, schema: JsonSchema): boolean {
  if ('anyOf' in schema) return schema.anyOf.some((one) => fits(value, one));
  if ('enum' in schema) return schema.enum.includes(value);
  if (schema.type === 'null') return value === null;
  if (schema.type === 'array') return Array.isArray(value) && value.every((item) => fits(item, schema.items));
  if (schema.type !== 'object') return typeof value === schema.type;
  const { properties = {}, required = [], additionalProperties } = schema;
  if (!isObject(value) || !required.every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(value).every(([name, member]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    return known === undefined || fits(member, known);
  });
}
