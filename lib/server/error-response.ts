import { AppError } from "./errors";

/** The contract's error reply. What is not an AppError is logged here and told to nobody. */
export function errorResponse(error: unknown, requestId: string, request?: Request): Response {
  const known =
    error instanceof AppError
      ? error
      : new AppError("internal", "Something went wrong on the server.");
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
