import { describe, expect, it } from 'vitest';
import { COMPONENT_NAMES, componentListings } from './components.ts';

describe('component listings', () => {
  it('name every component once', () => {
    expect(componentListings.map(({ component }) => component)).toEqual([
      ...['text', 'table', 'chart', 'alert', 'checkbox', 'steps', 'code'],
    ]);
    expect(COMPONENT_NAMES).toHaveLength(7);
  });

  it.each(componentListings.map((listing) => [listing.component, listing] as const))(
    'publish a closed schema of the props of %s',
    (_, listing) => {
      expect(listing).toMatchObject({ version: '1.0', props: { type: 'object', additionalProperties: false } });
      expect(listing.description).not.toBe('');
    },
  );
});
