import type { ApiOperation } from "@signalbox/protocol/service/openapi";

const singleQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** An example request; URL and credential come from environment variables. */
export function curlExample(path: string, method: string, operation: ApiOperation): string {
  const streams = "text/event-stream" in (operation.responses[200]?.content ?? {});
  const credential = credentialOf(operation);
  const body = operation.requestBody?.content["application/json"]?.example;
  const verb = method.toUpperCase();
  return [
    `curl${streams ? " -N" : ""} "$SIGNALBOX_URL${filledPath(path, operation)}"`,
    ...(verb === "GET" || (verb === "POST" && body !== undefined) ? [] : [`-X ${verb}`]),
    ...(credential ? [`-H "${credential}"`] : []),
    ...(body === undefined
      ? []
      : [`-H "Content-Type: application/json"`, `-d ${singleQuoted(JSON.stringify(body))}`]),
  ].join(" \\\n  ");
}

function credentialOf({ security }: ApiOperation): string | null {
  if (security.length === 0) return null;
  return security.some((scheme) => "jobToken" in scheme)
    ? "Authorization: Bearer $JOB_TOKEN"
    : "X-API-Key: $SIGNALBOX_API_KEY";
}

/** The path with shell variables as parameters, and the required query parameters. */
function filledPath(path: string, { parameters = [] }: ApiOperation): string {
  const id = /\/(views|api-keys)\//.test(path) ? "$ID" : "$RUN";
  const places: Record<string, string> = { id, cid: "$COMMAND", runs: "$RUN" };
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => places[name] ?? "0");
  const query = parameters
    .filter((parameter) => parameter.in === "query" && parameter.required)
    .map(({ name }) => `${name}=${places[name] ?? "0"}`);
  return query.length > 0 ? `${at}?${query.join("&")}` : at;
}
