/**
 * Backup and restore of a data directory without its server, for the command line: like the server itself it is loaded by the commands
 * that need it when they run, and everything else of storage stays behind `server/`.
 */
export { type Backup, backUp } from '../storage/sqlite/back-up.ts';
export { type PreparedRestore, prepareRestore } from '../storage/sqlite/restore.ts';
