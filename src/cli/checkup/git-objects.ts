/** An object of a repository, or the mention of one that is left out. */
export interface GitObject {
  /** As asked for: a hash, with `~` or `?` before it when the object is left out. */
  readonly id: string;
  readonly type: 'commit' | 'tag' | 'blob' | 'tree' | 'missing';
  /** What `rev-list --objects` says beside the hash: the path of a blob, the name of a tag. */
  readonly name: string;
  readonly contents: Buffer;
}

/** For `git cat-file --batch=<format>`, whose output {@link GitObjectReader} reads. */
export const BATCH_FORMAT = '%(objectname) %(objecttype) %(objectsize) %(rest)';

const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

interface Header {
  readonly id: string;
  readonly type: GitObject['type'];
  readonly size: number;
  readonly name: string;
}

/** Cuts the output of `git cat-file --batch` into objects, whatever pieces it comes in. */
export class GitObjectReader {
  #pieces: Buffer[] = [];
  #length = 0;
  #header: Header | null = null;

  /** Takes a piece and gives the objects that are whole with it. */
  *read(piece: Buffer): Generator<GitObject> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    for (;;) {
      this.#header ??= this.#takeHeader();
      if (this.#header === null) return;
      const { size, ...header } = this.#header;
      if (header.type === 'missing') {
        this.#header = null;
        yield { ...header, contents: NOTHING };
        continue;
      }
      // A line break follows the contents.
      if (this.#length < size + 1) return;
      this.#header = null;
      yield { ...header, contents: this.#take(size + 1).subarray(0, size) };
    }
  }

  #takeHeader(): Header | null {
    const end = this.#joined().indexOf(NEWLINE);
    if (end < 0) return null;
    const line = this.#take(end + 1).toString('utf8', 0, end);
    const [id = '', type = '', size = '', ...name] = line.split(' ');
    if (type === 'missing') return { id, type, size: 0, name: '' };
    return { id, type: type as GitObject['type'], size: Number(size), name: name.join(' ') };
  }

  #take(length: number): Buffer {
    const all = this.#joined();
    this.#pieces = [all.subarray(length)];
    this.#length -= length;
    return all.subarray(0, length);
  }

  /** Only ever called when an object is whole or a header is looked for, so no byte is copied often. */
  #joined(): Buffer {
    if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0] ?? NOTHING;
  }
}
