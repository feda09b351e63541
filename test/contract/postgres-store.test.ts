import { PostgresDatabase } from '../postgres-database.ts';
import { eventStoreContract } from './event-store.ts';
import { keyStoreContract } from './key-store.ts';
import { peopleStoreContract } from './people-store.ts';

const database = new PostgresDatabase();
const open = () => database.open();

keyStoreContract('Postgres', open);
peopleStoreContract('Postgres', open);
eventStoreContract('Postgres', open);
