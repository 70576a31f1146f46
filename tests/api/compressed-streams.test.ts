import { once } from "node:events";
import { type IncomingMessage, get as request } from "node:http";
import { createBrotliDecompress, createGunzip, createZstdDecompress } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";
import { type ServedApi, serveOverHttp } from "./web-over-http.ts";

const decoders = { gzip: createGunzip, br: createBrotliDecompress, zstd: createZstdDecompress };

describe("a live stream over HTTP", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;
  let web: ServedApi;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
    web = await serveOverHttp(api);
  });
  afterAll(async () => {
    web.close();
    await api.close();
  });

  async function openWith(path: string, accepted: string | null): Promise<IncomingMessage> {
    const headers = { "X-API-Key": key, ...(accepted && { "Accept-Encoding": accepted }) };
    const asked = request({ host: "127.0.0.1", port: web.port, path, headers });
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return response;
  }

  /** Frames as they arrive, read as a client would that decodes what the header says. */
  async function* framesOf(response: IncomingMessage) {
    const coding = response.headers["content-encoding"] as keyof typeof decoders | undefined;
    let text = "";
    for await (const part of coding ? response.pipe(decoders[coding]()) : response) {
      text += String(part);
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      yield* blocks;
    }
  }

  it.each([
    ["gzip, deflate, br, zstd", "gzip"],
    ["gzip;q=0.3, br;q=0.9", "br"],
    ["zstd", "zstd"],
    ["identity", undefined],
    ["gzip;q=0", undefined],
    [null, undefined],
  ])(
    "answers “%s” in the coding %s, each frame at once, to a sound end",
    async (accepted, coding) => {
      const id = await act.attach();
      const response = await openWith(`/api/training/jobs/${id}/stream`, accepted);
      expect(response.headers).toMatchObject({
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        vary: "Accept-Encoding",
      });
      expect(response.headers["content-encoding"]).toBe(coding);
      const frames = framesOf(response);
      const until = async (event: string) => {
        for (;;) {
          const { value, done } = await frames.next();
          if (done) throw new Error(`the stream ended without ${event}`);
          if (value.includes(`event: ${event}\n`)) return value;
        }
      };
      await until("snapshot");
      for (const step of [1, 2, 3]) {
        await act.post("/api/training/local/metrics", {
          job_id: id,
          metrics: [{ step, "train/loss": 1 / step }],
        });
        expect(await until("metrics")).toContain(`[[${step},`);
      }
      await act.post(`/api/training/local/${id}/status`, { status: "succeeded" });
      expect(await until("end")).toContain("succeeded");
      expect((await frames.next()).done).toBe(true);
    },
  );

  it.each(["/api/training/jobs/stream?follow=0", "/api/training/stream?follow=0&runs="])(
    "compresses %s, too",
    async (path) => {
      const id = await act.attach();
      const response = await openWith(path.endsWith("=") ? path + id : path, "gzip");
      expect(response.headers["content-encoding"]).toBe("gzip");
      const frames: string[] = [];
      for await (const frame of framesOf(response)) frames.push(frame);
      expect(frames.join("\n")).toContain("event: snapshot");
    },
  );
});
