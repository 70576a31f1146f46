import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CallbackHandler,
  SignalboxClient,
  type StreamMessage,
} from "../../sdk/typescript/src/index.ts";
import { type JobDriver, startWithOwner } from "../api/job-driver.ts";
import type { TestApi } from "../api/kit.ts";

/** The dashboard's routes behind a socket, which can be broken. */
function serve(api: TestApi): Server {
  return createServer(async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
    const body = Buffer.concat(chunks).toString();
    try {
      const response = await api.send(incoming.method ?? "GET", incoming.url ?? "/", {
        headers: Object.fromEntries(headers),
        ...(body && { body }),
        signal: gone.signal,
      });
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.flushHeaders();
      for await (const chunk of response.body ?? []) outgoing.write(chunk);
      outgoing.end();
    } catch {
      outgoing.destroy();
    }
  });
}

describe("the TypeScript SDK over sockets that break", () => {
  let api: TestApi;
  let http: Server;
  let client: SignalboxClient;
  let act: JobDriver;

  beforeAll(async () => {
    const owner = await startWithOwner();
    ({ api, act } = owner);
    http = serve(api);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}`;
    client = new SignalboxClient({ baseUrl, apiKey: owner.key, retries: 5 });
  });
  afterAll(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await api.close();
  });

  it("hears everything once and in order, however often the connection breaks", async () => {
    const id = await act.attach();
    const messages: StreamMessage[] = [];
    let heard = () => {};
    const handler = new CallbackHandler((message) => {
      messages.push(message);
      heard();
    });
    const done = client
      .streamer(id, { transport: "sse", handlers: [handler] })
      .streamUntilTerminal();
    const until = (step: number) =>
      new Promise<void>((resolve) => {
        heard = () => messages.some((message) => message.step === step) && resolve();
        heard();
      });
    for (let step = 0; step < 30; step += 1) {
      const points = [{ name: "train/loss", step, value: step }];
      await act.post("/api/training/local/metrics", { job_id: id, points });
      if (step % 10 === 4) await until(step);
      if (step % 10 === 5) http.closeAllConnections();
    }
    await act.report(id, { status: "succeeded" });
    expect(await done).toMatchObject({ status: "succeeded" });
    const steps = messages.filter((m) => m.stream_type === "metrics").map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 30 }, (_, step) => step));
  });

  it("says in words that nothing listens at an address", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nobody = new SignalboxClient({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 });
    await expect(nobody.jobs.list()).rejects.toMatchObject({
      name: "ConnectionError",
      message: expect.stringMatching(/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/),
    });
  });

  it("lets go of the stream when it is stopped", async () => {
    const id = await act.attach();
    let begun = () => {};
    const first = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const closed = new Promise<string>((resolve) => {
      http.on("request", ({ url = "" }, outgoing) => {
        if (url.includes("/stream")) outgoing.once("close", () => resolve(url));
      });
    });
    const streamer = client.streamer(id, {
      transport: "sse",
      handlers: [new CallbackHandler(() => begun())],
    });
    const done = streamer.streamUntilTerminal();
    await first;
    streamer.stop();
    expect(await done).toMatchObject({ status: "running" });
    expect(await closed).toContain(id);
  });
});
