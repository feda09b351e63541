// `outkit serve` with one of its promises broken, so that a soak of it has to fail. Only tests start it.
import { main } from '../../src/cli/main.ts';
import { Lease } from '../../src/gateway/lease.ts';
import { PostgresGatewayStore } from '../../src/storage/postgres/postgres-gateway-store.ts';

const SABOTAGES: Readonly<Record<string, () => void>> = {
  'a change waits for nobody': () => {
    PostgresGatewayStore.prototype.standingMembers = async () => ({ seq: 0, databaseTime: 0, members: [] });
  },
  'memory is believed without a lease': () => {
    Lease.prototype.holds = () => true;
  },
};

const [sabotage = ''] = process.argv.splice(2, 1);
const breakPromise = SABOTAGES[sabotage];
if (breakPromise === undefined) throw new Error(`there is no sabotage called ${sabotage}`);
breakPromise();
await main();
