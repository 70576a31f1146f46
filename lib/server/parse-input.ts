import { fieldTooLarge, tooManyRows } from "@signalbox/protocol/wire/rows";
import type { z } from "zod";
import { AppError, jobNotFound } from "./errors";
import { largeText } from "./request-body";

type Schema = z.ZodType | undefined;

const nouns: Record<string, string> = { cid: "Command", sample: "Sample" };

/** A malformed path answers like one whose object does not exist. */
function notFound(error: z.ZodError): AppError {
  const noun = nouns[String(error.issues[0]?.path[0])];
  return noun ? new AppError("not_found", `${noun} not found.`) : jobNotFound();
}

/** Long texts are checked in steps, between which other requests have their turn. */
export async function parseBody(schema: Schema, value: unknown, text: string): Promise<unknown> {
  if (!schema || text.length <= largeText) return parse(schema, value, "bad_request");
  return resultOf(await schema.safeParseAsync(value).catch(refuseErrors), "bad_request");
}

function safeParse(schema: z.ZodType, value: unknown) {
  try {
    return schema.safeParse(value);
  } catch (error) {
    return refuseErrors(error);
  }
}

/** zod hands issues on as arguments, of which a call can have some hundred thousand. */
function refuseErrors(error: unknown): never {
  if (!(error instanceof RangeError)) throw error;
  throw new AppError("bad_request", "The request has too many errors to list.");
}

/** What is too large about a value, in words; null where its size is not the problem. */
function sizeProblem(issue: z.core.$ZodIssue): string | null {
  if (issue.code !== "custom") return null;
  if (issue.params?.reason === tooManyRows) return issue.message;
  if (issue.params?.reason !== fieldTooLarge) return null;
  return `${shortened(issue.path.join("."))}: ${issue.message}`;
}

/** A text that may repeat what the client sent. */
function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300).toWellFormed()}…`;
}

/** Parses a path or a query; `code` is that of a refusal. */
export function parse(schema: Schema, value: unknown, code: "bad_request" | "not_found"): unknown {
  if (!schema) return undefined;
  return resultOf(safeParse(schema, value), code);
}

function resultOf(result: z.ZodSafeParseResult<unknown>, code: "bad_request" | "not_found") {
  if (result.success) return result.data;
  if (code === "not_found") throw notFound(result.error);
  for (const issue of result.error.issues) {
    const problem = sizeProblem(issue);
    if (problem) throw new AppError("too_large", problem);
  }
  const issues = result.error.issues.slice(0, 20).map((issue) => ({
    path: shortened(issue.path.join(".")),
    message: shortened(issue.message),
  }));
  const first = issues[0];
  throw new AppError(
    "bad_request",
    first ? `${first.path || "The body"}: ${first.message}` : "The request is invalid.",
    { details: { issues } },
  );
}
