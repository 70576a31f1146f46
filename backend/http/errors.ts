import type { ZodError } from "zod";

export interface FieldProblem {
  field: string;
  message: string;
}

/** An error that is returned to the caller. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  readonly code: string;
  readonly details: unknown;

  constructor(status: number, code: string, message: string, details?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export class NotFoundError extends HttpError {
  constructor(message: string) {
    super(404, "not_found", message);
  }
}

export class ConflictError extends HttpError {
  constructor(message: string) {
    super(409, "conflict", message);
  }
}

/** A well-formed request with invalid values; `details` names each field. */
export class InvalidError extends HttpError {
  constructor(problems: FieldProblem[]) {
    const named = problems.map(({ field, message }) => `${field}: ${message}`).join("; ");
    super(422, "unsupported", named, problems);
  }

  /** `under` prefixes the path of every field. */
  static from(error: ZodError, under: string | null = null): InvalidError {
    return new InvalidError(error.issues.flatMap((issue) => problemsOf(issue, under)));
  }
}

function problemsOf(issue: ZodError["issues"][number], under: string | null): FieldProblem[] {
  const at = (path: PropertyKey[]) =>
    [...(under === null ? [] : [under]), ...path.map(String)].join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: at([...issue.path, key]),
      message: "is not a known field",
    }));
  }
  return [{ field: at(issue.path) || "body", message: issue.message }];
}
