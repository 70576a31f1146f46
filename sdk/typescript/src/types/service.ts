import type { JobKind, JsonObject, LiveParam } from "./job.ts";

export interface Health {
  status: "ok" | "degraded";
  version: string;
  database: string;
  realtime: string;
  backend: string;
}

export interface TrainerCapability {
  kind: JobKind;
  name: string;
  /** JSON Schema of the trainer's configuration. */
  config_schema: JsonObject;
  live_params: Record<string, LiveParam>;
  pause: ("hold" | "release")[];
}

export interface Capabilities {
  trainers: TrainerCapability[];
}
