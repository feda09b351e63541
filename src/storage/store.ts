import type { EventStore } from '../core/event-store.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { PeopleStore } from '../core/people-store.ts';

/** All that is stored, in one place: a change of people and one of keys stand in the same logs, an event is written with its count. */
export type Store = KeyStore & PeopleStore & EventStore;
