import type { BarrierTime } from '../../core/barrier-times.ts';
import type {
  GatewayMember,
  GatewayStore,
  SecretRead,
  Snapshot,
  StandingMembers,
  SyncAnswer,
} from '../../core/gateway-store.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import { type QueryBuilder, queryBuilder } from '../sql/dialect.ts';
import { listBarriers, recordBarriers } from './barrier-scripts.ts';
import { checkDatabaseUrl } from './database-url.ts';
import {
  findGateway,
  listGateways,
  readSecret,
  registerGateway,
  retireGateway,
  type SyncRow,
  settleGateway,
  standingFromRows,
  standingMembers,
  syncAnswer,
  syncStatement,
} from './gateway-scripts.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { PostgresExecutor } from './postgres-executor.ts';
import { JUDGING, openPool } from './postgres-pool.ts';

/** Where gateways and changes meet, in the database of the store. */
export class PostgresGatewayStore implements GatewayStore {
  readonly #executor: PostgresExecutor;
  readonly #db: QueryBuilder = queryBuilder(postgresDialect);
  /** Compiled once, by the limit in their text: a gateway has one. */
  readonly #statements = new Map<string, ReturnType<typeof syncStatement>>();

  /** Has connections of its own, so that what judges requests never waits behind what lists or counts them. The database has to be migrated. */
  constructor(url: string) {
    checkDatabaseUrl(url);
    this.#executor = new PostgresExecutor(openPool(url, JUDGING));
  }

  register(gateway: Pick<GatewayMember, 'epoch' | 'label' | 'version'>): Promise<Snapshot> {
    return this.#executor.writeInSnapshot(registerGateway(this.#db, gateway));
  }

  sync(epoch: string, position: number, limit: number): Promise<SyncAnswer | null> {
    return this.#changesBehind(epoch, position, limit, true);
  }

  changes(epoch: string, position: number, limit: number): Promise<SyncAnswer | null> {
    return this.#changesBehind(epoch, position, limit, false);
  }

  readSecret(hash: SecretHash): Promise<SecretRead> {
    return this.#executor.read(readSecret(this.#db, hash));
  }

  async standingMembers(): Promise<StandingMembers> {
    return standingFromRows(await this.#executor.statement(standingMembers(this.#db, {}).compile()));
  }

  listGateways(withinMs: number): Promise<StandingMembers> {
    return this.#executor.read(listGateways(this.#db, withinMs));
  }

  findGateway(epoch: string): Promise<GatewayMember | null> {
    return this.#executor.lookUp(findGateway(this.#db, epoch));
  }

  retire(epoch: string, { isDrained }: { readonly isDrained: boolean }): Promise<boolean> {
    return this.#executor.write(retireGateway(this.#db, epoch, isDrained));
  }

  settle(member: GatewayMember): Promise<void> {
    return this.#executor.write(settleGateway(this.#db, member));
  }

  recordBarriers(epoch: string, first: number, barriers: readonly BarrierTime[]): Promise<void> {
    return this.#executor.write(recordBarriers(this.#db, epoch, first, barriers));
  }

  listBarriers(limit: number): Promise<readonly BarrierTime[]> {
    return this.#executor.lookUp(listBarriers(this.#db, limit));
  }

  close(): Promise<void> {
    return this.#executor.close();
  }

  async #changesBehind(
    epoch: string,
    position: number,
    limit: number,
    isRecording: boolean,
  ): Promise<SyncAnswer | null> {
    const name = `${limit} ${isRecording}`;
    const statement = this.#statements.get(name) ?? syncStatement(this.#db, limit, isRecording);
    this.#statements.set(name, statement);
    const rows = await this.#executor.statement<SyncRow>(statement({ epoch, position }));
    return syncAnswer(rows, position, limit);
  }
}
