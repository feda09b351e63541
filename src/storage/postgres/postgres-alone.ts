import pg from 'pg';

/** Of the advisory lock: `outkis` in ASCII, the one behind that of the migrations. */
const LOCK = 0x6f_75_74_6b_69_73;
const CONNECT_MS = 5_000;

/** Does something while no other server on this database does. The lock is that of a connection, so that it ends with the process at the latest. */
export async function alone<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'outkit',
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await work();
  } finally {
    await client.end();
  }
}
