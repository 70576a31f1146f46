import { type IngestKind, ingestKinds, serviceInstruments } from "./service-instruments.ts";

interface MeasuredRoute {
  scope: string;
  frames?: unknown;
  programsOnly?: true;
}

/** What a route's requests are counted as: a stream, a trainer's long poll, or the scope needed. */
function kindOf({ scope, frames, programsOnly }: MeasuredRoute): string {
  if (frames) return "stream";
  return programsOnly ? "poll" : scope;
}

function ingestKindOf(request: Request): IngestKind {
  const last = new URL(request.url).pathname.split("/").at(-1);
  return ingestKinds.find((kind) => kind === last) ?? "other";
}

/** Measures a request that was answered, `seconds` after it came. */
export function measureRequest(
  route: MeasuredRoute,
  request: Request,
  status: number,
  seconds: number,
): void {
  const { requests, requestDuration, ingestDuration } = serviceInstruments();
  const kind = kindOf(route);
  requests.add({ kind, status: String(status) });
  if (kind !== "poll") requestDuration.observe({ kind }, seconds);
  if (kind === "ingest") ingestDuration.observe({ kind: ingestKindOf(request) }, seconds);
}

/** Measures the body of an ingest request. */
export function measureIngestBody(request: Request, text: string): void {
  const kind = ingestKindOf(request);
  serviceInstruments().ingestBytes.observe({ kind }, Buffer.byteLength(text));
}
