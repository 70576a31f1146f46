export interface Sent {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
  signal: AbortSignal | null;
  redirect: RequestRedirect | undefined;
}

type Answer = Response | (() => Response | Promise<Response>) | Error;

export interface ScriptFetch {
  fetch: typeof fetch;
  sent: Sent[];
}

/** Responds to requests one by one, then repeats the last response. An Error breaks the connection. */
export function scriptFetch(...answers: Answer[]): ScriptFetch {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (input, init = {}) => {
      const url = new URL(String(input));
      init.signal?.throwIfAborted();
      sent.push({
        method: init.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        headers: new Headers(init.headers),
        body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
        signal: init.signal ?? null,
        redirect: init.redirect,
      });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer instanceof Error) throw new TypeError("fetch failed", { cause: answer });
      if (answer === undefined) throw new Error("nothing to answer");
      return typeof answer === "function" ? answer() : answer.clone();
    },
  };
}

/** A response that never arrives: it ends when its request is aborted. */
export function never(sent: Sent[]): () => Promise<Response> {
  return () =>
    new Promise((_resolve, reject) => {
      const signal = sent.at(-1)?.signal;
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
}

/** The dashboard's error reply. */
export function refusal(
  status: number,
  code: string,
  message = code,
  headers: Record<string, string> = {},
): Response {
  const error = { code, message, request_id: "req_1", details: { why: code } };
  return Response.json({ error }, { status, headers });
}
