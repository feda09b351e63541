import pg from 'pg';

/** The type `bigint` in the protocol. */
const INT8: number = pg.types.builtins.INT8;

/** What values of the database become: whole numbers are numbers, refused where a number would not be exact. */
export const postgresValues: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text') =>
    oid === INT8 ? wholeNumber : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError('the database holds a whole number of more than 53 bits');
  return number;
}
