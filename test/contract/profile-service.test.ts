import { profileServiceContract } from './profile-service.ts';
import { overHttp, overServices } from './service-harness.ts';

profileServiceContract('the profile service in the server, over memory', overServices);
profileServiceContract('the profile service as the client speaks it: HTTP, server, SQLite', overHttp);
