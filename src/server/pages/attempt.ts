import { type ErrorCode, OutkitError } from '../../core/errors.ts';

/** What it resolves to, or the error when it is one of these, which the page tells in its own words. Others are thrown on. */
export async function attempt<Result>(
  run: () => Promise<Result>,
  codes: readonly ErrorCode[],
): Promise<Result | OutkitError> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof OutkitError && codes.includes(error.code)) return error;
    throw error;
  }
}
