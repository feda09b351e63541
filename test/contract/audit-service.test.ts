import { auditServiceContract } from './audit-service.ts';
import { overHttp, overServices } from './service-harness.ts';

auditServiceContract('the audit service in the server, over memory', overServices);
auditServiceContract('the audit service as the client speaks it: HTTP, server, SQLite', overHttp);
