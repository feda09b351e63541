import { keyServiceContract } from './key-service.ts';
import { overHttp, overServices } from './service-harness.ts';

keyServiceContract('the key service in the server, over memory', overServices);
keyServiceContract('the key service as the client speaks it: HTTP, server, SQLite', overHttp);
