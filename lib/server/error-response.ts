import { AppError } from "./errors";

/** The contract's error reply. Any error but an AppError is only logged, under the request id. */
export function errorResponse(error: unknown, requestId: string, request?: Request): Response {
  const known =
    error instanceof AppError ? error : new AppError("internal", "Internal server error.");
  if (known.code === "internal") {
    const where = request ? `${request.method} ${new URL(request.url).pathname}` : "";
    console.error(`[${requestId}] ${where}`, error);
  }
  return Response.json(
    {
      error: {
        code: known.code,
        message: known.message,
        request_id: requestId,
        ...(known.details === undefined ? {} : { details: known.details }),
      },
    },
    {
      status: known.status,
      headers: { "Cache-Control": "no-store", "X-Request-Id": requestId, ...known.headers },
    },
  );
}
