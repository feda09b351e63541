import { OutkitError } from '../../core/errors.ts';
import { prepareDirectory, refusal, secureFiles } from './data-directory.ts';
import { dataFiles } from './data-files.ts';
import { lockDirectory, type ServerLock } from './server-lock.ts';

/** Makes the directory, or checks that it is ours alone, and keeps other servers out of it. `data_directory`, with why and what to do. */
export function takeDataDirectory(directory: string): ServerLock {
  const files = dataFiles(directory);
  try {
    prepareDirectory(files);
    secureFiles(files);
    return lockDirectory(files);
  } catch (error) {
    if (error instanceof OutkitError) throw error;
    throw refusal(
      `The data directory ${files.directory} cannot be used: ${error instanceof Error ? error.message : error}.`,
      'Check its permissions and the space on its disk, or name another directory.',
      error,
    );
  }
}
