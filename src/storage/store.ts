import type { KeyStore } from '../core/key-store.ts';
import type { PeopleStore } from '../core/people-store.ts';

/** All that is stored, in one place: a change of people and one of keys stand in the same logs. */
export type Store = KeyStore & PeopleStore;
