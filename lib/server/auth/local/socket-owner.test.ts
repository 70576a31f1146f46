import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isBrowser } from "./browsers";
import { socketOwner } from "./socket-owner";

describe.skipIf(process.platform !== "linux")("the owner of a connection's other end", () => {
  it.each(["127.0.0.1", "::1"])(
    "is the user and the program that connected to %s",
    async (host) => {
      const server = createServer().listen(0, host);
      await once(server, "listening");
      const address = server.address();
      const port = typeof address === "object" ? address?.port : 0;
      const client = spawn(process.execPath, ["-e", `require("net").connect(${port}, "${host}")`]);
      const [socket] = (await once(server, "connection")) as [Socket];
      expect(await socketOwner(socket)).toEqual({
        uid: process.getuid?.(),
        programs: [expect.stringMatching(/^node/)],
      });
      socket.destroy();
      server.close();
      await once(client, "exit");
    },
  );
});

describe("the tables of sockets", () => {
  let proc: string;

  beforeEach(async () => {
    proc = await mkdtemp(join(tmpdir(), "signalbox-proc-"));
    await mkdir(join(proc, "net"));
    for (const [pid, program, socket] of [
      ["41", "/usr/lib/chromium/chromium (deleted)", "socket:[7001]"],
      ["42", "/usr/bin/nginx", "socket:[7002]"],
    ] as const) {
      await mkdir(join(proc, pid, "fd"), { recursive: true });
      await symlink(program, join(proc, pid, "exe"));
      await symlink(socket, join(proc, pid, "fd", "5"));
    }
  });
  afterEach(() => rm(proc, { recursive: true }));

  const line = (local: string, remote: string, uid: number, inode: number) =>
    `   1: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1`;
  const write = (table: "tcp" | "tcp6", ...lines: string[]) =>
    writeFile(join(proc, "net", table), ["  sl  local_address …", ...lines, ""].join("\n"));
  const ask = (fields: Partial<Socket>) => socketOwner(fields as Socket, proc);
  const server = { localAddress: "127.0.0.1", localPort: 3000 };

  it("tell which end of the connection is the client's", async () => {
    await write(
      "tcp",
      line("0100007F:0BB8", "0100007F:A000", 0, 7002),
      line("0100007F:A000", "0100007F:0BB8", 1000, 7001),
    );
    expect(await ask({ ...server, remoteAddress: "127.0.0.1", remotePort: 0xa000 })).toEqual({
      uid: 1000,
      programs: ["chromium"],
    });
  });

  it("find an IPv4 client of a server that listens on IPv6, and the other way round", async () => {
    await write("tcp", line("0100007F:A000", "0100007F:0BB8", 1000, 7001));
    const mapped = { localAddress: "::ffff:127.0.0.1", localPort: 3000 };
    const found = { uid: 1000, programs: ["chromium"] };
    expect(await ask({ ...mapped, remoteAddress: "::ffff:127.0.0.1", remotePort: 0xa000 })).toEqual(
      found,
    );
    await write("tcp");
    await write(
      "tcp6",
      line(
        "0000000000000000FFFF00000100007F:A000",
        "0000000000000000FFFF00000100007F:0BB8",
        1000,
        7001,
      ),
    );
    expect(await ask({ ...server, remoteAddress: "127.0.0.1", remotePort: 0xa000 })).toEqual(found);
  });

  it("tell nothing where there is no such connection, or no such tables", async () => {
    await write("tcp", line("0100007F:A001", "0100007F:0BB8", 1000, 7001));
    expect(await ask({ ...server, remoteAddress: "127.0.0.1", remotePort: 0xa000 })).toBeNull();
    expect(
      await socketOwner(
        { ...server, remoteAddress: "127.0.0.1", remotePort: 0xa000 } as Socket,
        join(proc, "none"),
      ),
    ).toBeNull();
  });
});

describe("a browser", () => {
  it.each(["chrome", "chromium", "msedge", "firefox", "firefox-esr", "headless_shell"])(
    "is %s",
    (program) => expect(isBrowser(program)).toBe(true),
  );
  it.each(["ssh", "sshd", "nginx", "socat", "node", "python3.11", "curl", "chrome-proxy", ""])(
    "is not %s",
    (program) => expect(isBrowser(program)).toBe(false),
  );
});
