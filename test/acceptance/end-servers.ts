import { afterEach } from 'vitest';
import { endServers } from './durability-server.ts';

// A setup file of its own: it is run for each file of tests, and a module that they share only once.
afterEach(endServers);
