import type { AuthError } from "@supabase/supabase-js";
import { AppError } from "../errors";

/** What a refusal by Supabase Auth means here: `code` and `message`, unless it is busy or broken. */
export function authFailure(
  error: AuthError,
  code: "bad_request" | "unauthorized" | "conflict",
  message: string,
): AppError {
  if (error.status === 429) {
    return new AppError("rate_limited", "Too many attempts. Try again in a minute.", {
      headers: { "Retry-After": "60" },
    });
  }
  if (!error.status || error.status >= 500) {
    return new AppError("backend_unavailable", "The sign-in service is not responding.", {
      cause: error,
    });
  }
  return new AppError(code, error.code === "weak_password" ? error.message : message);
}
