/** Emscripten's NODEFS, as far as sizes of files go through it. Internal to PGlite. */
export interface NodeFileSystem {
  readonly stream_ops: {
    open(stream: FileStream): void;
    llseek(stream: FileStream, offset: number, whence: number): number;
    write(stream: FileStream, buffer: unknown, offset: number, length: number, position: number): number;
    setattr(stream: FileStream, changes: Changes): void;
  };
  readonly node_ops: { setattr(node: FileNode, changes: Changes): void };
}

interface FileNode {
  knownSize?: number | undefined;
}
interface FileStream {
  readonly node: FileNode;
}
interface Changes {
  readonly size?: number;
}

const fromEnd = 2;

/**
 * Lets NODEFS remember how long files are. PostgreSQL asks for the length of a table with each row that it adds and each
 * query that it plans, and NODEFS asks the system each time. Nobody else writes to these files: the directory is locked.
 * @returns how often the system was asked
 */
export function rememberFileSizes({ stream_ops: streams, node_ops: nodes }: NodeFileSystem): () => number {
  const { open, llseek, write, setattr } = streams;
  const { setattr: setNodeAttributes } = nodes;
  let reads = 0;

  // A name may belong to another file than when it was open last.
  streams.open = (stream) => {
    stream.node.knownSize = undefined;
    open(stream);
  };
  streams.llseek = (stream, offset, whence) => {
    if (whence !== fromEnd) return llseek(stream, offset, whence);
    if (stream.node.knownSize === undefined) {
      reads += 1;
      stream.node.knownSize = llseek(stream, 0, whence);
    }
    return llseek(stream, stream.node.knownSize + offset, 0);
  };
  streams.write = (stream, buffer, offset, length, position) => {
    const known = stream.node.knownSize;
    // Unknown while it is written: who fails may have written a part.
    stream.node.knownSize = undefined;
    const written = write(stream, buffer, offset, length, position);
    if (known !== undefined) stream.node.knownSize = Math.max(known, position + written);
    return written;
  };
  streams.setattr = (stream, changes) => {
    if (changes.size !== undefined) stream.node.knownSize = undefined;
    setattr(stream, changes);
  };
  nodes.setattr = (node, changes) => {
    if (changes.size !== undefined) node.knownSize = undefined;
    setNodeAttributes(node, changes);
  };
  return () => reads;
}
