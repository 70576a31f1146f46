import { readdir, readFile, readlink } from "node:fs/promises";
import type { Socket } from "node:net";
import { basename, join } from "node:path";

/** The other end of a connection within this machine. */
export interface SocketOwner {
  /** The operating-system user. */
  uid: number;
  /** The names of the programs that hold the socket, as far as this user may see them. */
  programs: string[];
}

/**
 * Who is at the other end of a loopback connection, from Linux's tables of sockets and open files
 * (proc(5)). Null where the system does not tell: another system, another network namespace.
 */
export async function socketOwner(socket: Socket, proc = "/proc"): Promise<SocketOwner | null> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return null;
  const local = endpoint(remoteAddress, remotePort);
  const remote = endpoint(localAddress, localPort);
  for (const table of ["net/tcp", "net/tcp6"]) {
    const text = await readFile(join(proc, table), "utf8").catch(() => "");
    for (const line of text.split("\n")) {
      const fields = line.trim().split(/\s+/);
      if (plain(fields[1]) !== local || plain(fields[2]) !== remote) continue;
      const inode = fields[9] ?? "";
      return { uid: Number(fields[7]), programs: await holders(`socket:[${inode}]`, proc) };
    }
  }
  return null;
}

/** `127.0.0.1`, 3000 → `0100007F:0BB8`, as the kernel writes it: words in the machine's order. */
function endpoint(address: string, port: number): string {
  const v4 = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (value: number, digits: number) =>
    value.toString(16).toUpperCase().padStart(digits, "0");
  const bytes = v4 ? v4.slice(1).map(Number) : address === "::1" ? [...Array(15).fill(0), 1] : [];
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    words.push(
      ...bytes
        .slice(at, at + 4)
        .reverse()
        .map((byte) => hex(byte, 2)),
    );
  }
  return `${words.join("")}:${hex(port, 4)}`;
}

/** An IPv4 address within an IPv6 socket, as itself. */
function plain(field = ""): string {
  return field.replace(/^0{16}FFFF0000(?=[0-9A-F]{8}:)/, "");
}

async function holders(socket: string, proc: string): Promise<string[]> {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  const programs = await Promise.all(
    pids.map(async (pid) => {
      const folder = join(proc, pid, "fd");
      // Processes of other users, and those that have just exited, can't be read.
      const files = await readdir(folder).catch(() => []);
      const targets = await Promise.all(files.map((file) => linkOf(join(folder, file))));
      return targets.includes(socket) ? [await programOf(pid, proc)] : [];
    }),
  );
  return programs.flat();
}

async function programOf(pid: string, proc: string): Promise<string> {
  const path = await linkOf(join(proc, pid, "exe"));
  // An updated program goes on running from its deleted file.
  return basename(path.replace(/ \(deleted\)$/, ""));
}

function linkOf(path: string): Promise<string> {
  return readlink(path).catch(() => "");
}
