import type { CatalogueRow } from './nature.ts'

const BEFORE_IMAGE = 'what was there before the first change, which is kept'

/** `node:fs`, its promises and its streams. */
export const ROWS_OF_FILES: readonly CatalogueRow[] = [
  {
    calls: /^fs\.(promises\.)?(writeFile|appendFile|truncate|copyFile)(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.write',
    undo: BEFORE_IMAGE,
  },
  {
    calls: /^fs\.(promises\.)?cp(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.write',
    undo: `${BEFORE_IMAGE}, for all that is copied`,
  },
  {
    calls:
      /^fs\.(write|writev|ftruncate)(Sync)?$|^fs\.promises\.FileHandle\.prototype\.(write|writev|writeFile|appendFile|truncate)$/,
    nature: 'compensable',
    effect: 'fs.write',
    undo: BEFORE_IMAGE,
    depends: 'a descriptor that is no file (a pipe, a standard stream): safe',
  },
  {
    calls:
      /^fs\.(createWriteStream|WriteStream|FileWriteStream)$|^fs\.WriteStream\.prototype\.(open|_write|_writev)$/,
    nature: 'compensable',
    effect: 'fs.write',
    undo: BEFORE_IMAGE,
    through: 'fs.open',
  },
  {
    calls: /^fs\.promises\.FileHandle\.prototype\.createWriteStream$/,
    nature: 'compensable',
    effect: 'fs.write',
    undo: BEFORE_IMAGE,
    through: 'fs.promises.open',
  },
  {
    calls: /^fs\.Utf8Stream($|\.prototype\.(write|flush|flushSync|end|reopen)$)/,
    nature: 'compensable',
    effect: 'fs.write',
    undo: BEFORE_IMAGE,
    through: 'fs.open',
  },
  {
    calls: /^fs\.(promises\.)?open(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.open',
    undo: `closing it; opened for writing: ${BEFORE_IMAGE}`,
    depends: 'for reading: safe',
  },
  {
    calls: /^fs\.(promises\.)?(mkdtemp|mkdtempDisposable)(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.create',
    undo: 'removing the folder with all in it',
  },
  {
    calls: /^fs\.(promises\.)?mkdir(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.create',
    undo: 'removing the folders that were made',
    depends: 'a folder that is there already: safe',
  },
  {
    calls: /^fs\.(promises\.)?(link|symlink)(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.create',
    undo: 'removing the link',
  },
  {
    calls: /^fs\.(promises\.)?(unlink|rm|rmdir)(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.delete',
    undo: BEFORE_IMAGE,
    depends: 'more than can be kept: unsafe; nothing there: safe',
  },
  {
    calls: /^fs\.(promises\.)?rename(Sync)?$/,
    nature: 'compensable',
    effect: 'fs.rename',
    undo: `${BEFORE_IMAGE}, under both names`,
  },
  {
    calls:
      /^fs\.(promises\.)?[fl]?(chmod|chown|utimes)(Sync)?$|^fs\.promises\.FileHandle\.prototype\.(chmod|chown|utimes)$/,
    nature: 'compensable',
    effect: 'fs.meta',
    undo: 'setting mode, owner and times as they were; the time of the last change of these can not be set',
  },
  {
    calls: /^fs\.promises\.watch$/,
    nature: 'compensable',
    effect: 'fs.watch',
    undo: 'ending the loop over it',
    unseen: 'it watches as long as somebody loops over what it gives',
  },
  {
    calls: /^fs\.(watch|watchFile)$/,
    nature: 'compensable',
    effect: 'fs.watch',
    undo: 'closing the watcher',
  },
  {
    calls: /^fs\.unwatchFile$/,
    nature: 'safe',
    effect: 'fs.watch',
    why: 'a watcher that ends touches nothing',
  },
  {
    calls:
      /^fs\.(promises\.)?(f?datasync|f?sync|fdatasyncSync|fsyncSync)$|^fs\.promises\.FileHandle\.prototype\.(sync|datasync)$/,
    nature: 'safe',
    effect: 'fs.read',
    why: 'no content changes',
  },
  {
    calls: /^fs\.(promises\.)?close(Sync)?$|^fs\.promises\.FileHandle\.prototype\.close$/,
    nature: 'safe',
    effect: 'fs.open',
    why: 'a descriptor is of the process: each test has its own, with the fork engine',
  },
  {
    calls:
      /^fs\.promises\.FileHandle\.prototype\.|^fs\.(Dir|ReadStream|FileReadStream|createReadStream|opendir|opendirSync|openAsBlob|openAsBlobSync)\b|^fs\.promises\.opendir$/,
    nature: 'safe',
    effect: 'fs.read',
  },
  {
    calls:
      /^fs\.(promises\.)?(access|exists|stat|lstat|fstat|statfs|readFile|read|readv|readdir|readlink|realpath|glob)(Sync)?(\.native)?$/,
    nature: 'safe',
    effect: 'fs.read',
  },
  {
    calls: /^fs\.(Stats|Dirent|WriteStream|Utf8Stream)\b|^fs\.([FRWX]_OK|_toUnixTimestamp|promises)$/,
    nature: 'safe',
    effect: 'none',
  },
]
