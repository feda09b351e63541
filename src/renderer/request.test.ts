import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { enhanceRequestJsonSchema, enhanceRequestSchema, MAX_CONTENT_BYTES } from './request.ts';

describe('enhance request', () => {
  it.each([
    { content: '' },
    { content: 'a', context: null },
    { content: 'a', context: 'a question', preferences: {} },
    {
      content: 'a',
      preferences: {
        preferredTypes: ['chart', 'table'],
        maxComponents: 100,
        density: 'compact',
        fallbackPolicy: 'never',
      },
    },
  ])('is accepted: %j', (body) => {
    expect(v.parse(enhanceRequestSchema, body)).toEqual(body);
  });

  it.each([
    null,
    [],
    'text',
    {},
    { content: null },
    { content: 5 },
    { content: 'a'.repeat(MAX_CONTENT_BYTES + 1) },
    { content: 'a', extra: 1 },
    { content: 'a', toString: 1 },
    JSON.parse('{"content":"a","__proto__":{}}'),
    { content: 'a', context: 5 },
    { content: 'a', context: 'a'.repeat(8193) },
    { content: 'a', preferences: null },
    { content: 'a', preferences: [] },
    { content: 'a', preferences: { unknown: 1 } },
    { content: 'a', preferences: { preferredTypes: 'table' } },
    { content: 'a', preferences: { preferredTypes: ['carousel'] } },
    { content: 'a', preferences: { preferredTypes: ['table', 'table'] } },
    ...[0, 101, 1.5, -1, '5', null, Number.NaN].map((maxComponents) => ({
      content: 'a',
      preferences: { maxComponents },
    })),
    { content: 'a', preferences: { density: 'dense' } },
    { content: 'a', preferences: { fallbackPolicy: 'sometimes' } },
    { content: 'a', preferences: { fallbackPolicy: undefined } },
  ])('is refused: %.80j', (body) => {
    expect(v.is(enhanceRequestSchema, body)).toBe(false);
  });

  it('is published as a closed JSON schema', () => {
    expect(enhanceRequestJsonSchema).toMatchObject({
      required: ['content'],
      additionalProperties: false,
      properties: { preferences: { type: 'object', additionalProperties: false, required: [] } },
    });
  });
});
