/** Where the programs of this machine are. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where packages put servers that are not in everybody's PATH. */
const furtherFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/sbin', '/opt/homebrew/bin'];

/** The path of a program by a PATH and the folders of packages; undefined when it is not installed. */
export function findProgram(program: string, path = ''): Promise<string | undefined> {
  return firstPresent(
    [...path.split(delimiter).filter((folder) => folder !== ''), ...furtherFolders].map((folder) => join(folder, program)),
  );
}

/** The first of these files that is there and may be read. */
export async function firstPresent(files: readonly string[]): Promise<string | undefined> {
  const present = await Promise.all(
    files.map((file) =>
      access(file, constants.R_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files[present.indexOf(true)];
}
