import { SettingsError } from "../errors.ts";

/** An id that may be part of a path. Throws SettingsError for others. */
export function requireJobId(id: string): string {
  // `.` and `..` would be resolved as path segments, however they are encoded.
  if (typeof id === "string" && id !== "" && id !== "." && id !== "..") return id;
  throw new SettingsError(`“${id}” is not a run id.`);
}

/** An id as part of a path. */
export function pathPart(id: string): string {
  return encodeURIComponent(requireJobId(id));
}

export function jobPath(jobId: string): string {
  return `/api/training/${pathPart(jobId)}`;
}

export function localPath(jobId: string, part: string): string {
  return `/api/training/local/${pathPart(jobId)}/${part}`;
}

export function learningPath(jobId: string, part = ""): string {
  return `/api/learning/jobs/${pathPart(jobId)}${part}`;
}

export function predictionsPath(jobId: string, part = ""): string {
  return `/api/training/predictions/${pathPart(jobId)}${part}`;
}
