import { env } from "../env";
import { AppError } from "../errors";

const timeoutMs = 10_000;

export interface BackendRequest {
  method?: string;
  body?: unknown;
  idempotencyKey?: string;
  timeoutMs?: number;
}

/**
 * One request to a training backend.
 * @param base one of the addresses that the environment names
 * @param path below that address, beginning with `/v1/`
 * @returns the parsed JSON reply
 * @throws AppError backend_unavailable when it is not responding; bad_request, unsupported,
 *   not_found or conflict with the backend's own message when it rejects the request
 */
export async function callBackend(
  base: string,
  path: `/v1/${string}`,
  init: BackendRequest = {},
): Promise<unknown> {
  const { TRAINING_BACKEND_TOKEN: token } = env();
  let response: Response;
  try {
    response = await fetch(new URL(path, base), {
      method: init.method ?? "GET",
      headers: {
        "Content-Type": "application/json",
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(init.idempotencyKey ? { "Idempotency-Key": init.idempotencyKey } : {}),
      },
      body: init.body === undefined ? undefined : JSON.stringify(init.body),
      signal: AbortSignal.timeout(init.timeoutMs ?? timeoutMs),
      redirect: "error",
    });
  } catch (error) {
    throw new AppError("backend_unavailable", "The training backend is not responding.", {
      cause: error,
    });
  }
  const reply: unknown = await response.json().catch(() => null);
  if (response.ok) return reply;
  throw rejection(response.status, reply);
}

const rejectionCodes = {
  400: "bad_request",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  422: "unsupported",
} as const;

function rejection(status: number, reply: unknown): AppError {
  const error =
    typeof reply === "object" && reply !== null && "error" in reply ? reply.error : undefined;
  const message =
    typeof error === "object" && error !== null && "message" in error
      ? String(error.message)
      : null;
  const details =
    typeof error === "object" && error !== null && "details" in error ? error.details : undefined;
  if (status in rejectionCodes) {
    return new AppError(
      rejectionCodes[status as keyof typeof rejectionCodes],
      message ?? "The training backend rejected the request.",
      { details },
    );
  }
  return new AppError("backend_unavailable", `The training backend failed with status ${status}.`, {
    details: message ? { backend: message } : undefined,
  });
}
