import { createServer, type ServerResponse } from "node:http";

/** What any live page must do at least: hand a POST on to a stream, and put it on the page. */
const page = `<!doctype html><title>Bare</title>
<section data-series="bench/loss"><p data-reading></p></section>
<script type="module">
const words = document.querySelector("p");
const { body } = await fetch("/stream");
const reader = body.getReader();
const decoder = new TextDecoder();
for (let part = await reader.read(); !part.done; part = await reader.read()) {
  const [, step] = /\\[\\[(\\d+),/.exec(decoder.decode(part.value)) ?? [];
  if (step) words.textContent = "bench/loss: at step " + step + ".";
}
</script>`;

const streams = new Set<ServerResponse>();

const server = createServer(async (request, response) => {
  if (request.method === "POST") {
    let text = "";
    for await (const part of request) text += part;
    const { metrics } = JSON.parse(text) as { metrics: [{ step: number }] };
    const [{ step }] = metrics;
    for (const stream of streams) stream.write(`data: {"bench/loss":[[${step},0]]}\n\n`);
    response.end("{}");
  } else if (request.url === "/stream") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(": hello\n\n");
    streams.add(response);
    response.on("close", () => streams.delete(response));
  } else {
    response.writeHead(200, { "Content-Type": "text/html" }).end(page);
  }
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) process.send?.(address.port);
});
process.on("disconnect", () => process.exit());
