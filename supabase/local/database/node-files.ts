import type { PGlite } from "@supabase/lite/pglite";

type Stream = { nfd?: number; node: object; path?: string };

/** What Emscripten calls for the files of a folder on the disk, which may be replaced while a database is open. */
export type NodeFiles = {
  realPath(node: object): string;
  stream_ops: {
    write(
      stream: Stream,
      buffer: Int8Array,
      offset: number,
      length: number,
      position: number,
    ): number;
    /** PGlite has none: it does not wait for the disk. */
    fsync?(stream: Stream): number;
  };
  node_ops: {
    setattr(node: object, change: { size?: number }): void;
    mknod(parent: object, name: string, mode: number, device: number): object;
    rename(node: object, folder: object, name: string): void;
    unlink(parent: object, name: string): void;
    rmdir(parent: object, name: string): void;
  };
};

/** The file system of an open PGlite that has a folder. Pinned with the version of PGlite, as tests show. */
export function nodeFilesOf(driver: PGlite): NodeFiles {
  // Emscripten's own object, which PGlite does not describe.
  const { FS } = (driver as unknown as { Module: { FS: { filesystems: { NODEFS: NodeFiles } } } })
    .Module;
  return FS.filesystems.NODEFS;
}
