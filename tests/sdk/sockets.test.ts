import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CallbackHandler,
  SignalboxClient,
  type StreamMessage,
} from "../../sdk/typescript/src/index.ts";
import { type JobDriver, startWithOwner } from "../api/job-driver.ts";
import type { TestApi } from "../api/kit.ts";
import { type ServedApi, serveApi } from "./serve-api.ts";

describe("the TypeScript SDK over sockets that break", () => {
  let api: TestApi;
  let served: ServedApi;
  let client: SignalboxClient;
  let act: JobDriver;

  beforeAll(async () => {
    const owner = await startWithOwner();
    ({ api, act } = owner);
    served = await serveApi(api);
    client = new SignalboxClient({ baseUrl: served.url, apiKey: owner.key, retries: 5 });
  });
  afterAll(async () => {
    await served.close();
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
      if (step % 10 === 5) served.http.closeAllConnections();
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
      served.http.on("request", ({ url = "" }, outgoing) => {
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
