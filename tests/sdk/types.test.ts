import type * as backend from "@signalbox/protocol/backend";
import type * as command from "@signalbox/protocol/command";
import type { errorReplySchema } from "@signalbox/protocol/error";
import type * as ingest from "@signalbox/protocol/ingest";
import type * as job from "@signalbox/protocol/job";
import type * as metrics from "@signalbox/protocol/metrics";
import type * as prediction from "@signalbox/protocol/prediction";
import type * as read from "@signalbox/protocol/read";
import type * as stream from "@signalbox/protocol/stream";
import { describe, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import type * as sdk from "../../sdk/typescript/src/index.ts";

/** What the server sends of a reply whose numbers the SDK reads into real ones. */
type Wired<T> = T extends number
  ? T | "NaN" | "Infinity" | "-Infinity"
  : T extends object
    ? { [Key in keyof T]: Wired<T[Key]> }
    : T;

// Checked by the compiler: a shape that drifts is an error of the types stage.
describe("the SDK's types", () => {
  it("promise no more of a reply than the server's schemas do", () => {
    expectTypeOf<job.Job>().toExtend<sdk.Job>();
    expectTypeOf<job.JobList>().toExtend<sdk.JobPage>();
    expectTypeOf<z.infer<typeof job.attachJobReplySchema>>().toExtend<sdk.AttachedJob>();
    expectTypeOf<command.Command>().toExtend<sdk.Command>();
    expectTypeOf<z.infer<typeof command.commandListSchema>>().toExtend<sdk.CommandPage>();
    expectTypeOf<read.LogsReply>().toExtend<sdk.LogPage>();
    expectTypeOf<z.infer<typeof read.errorsReplySchema>>().toExtend<sdk.ErrorReport>();
    expectTypeOf<z.infer<typeof read.healthReplySchema>>().toExtend<sdk.Health>();
    expectTypeOf<backend.Capabilities>().toExtend<sdk.Capabilities>();
    expectTypeOf<z.infer<typeof ingest.ingestReplySchema>>().toExtend<sdk.IngestReply>();
    expectTypeOf<prediction.PredictionsReply>().toExtend<sdk.PredictionPage>();
    expectTypeOf<
      z.infer<typeof prediction.predictionEpochsReplySchema>
    >().toExtend<sdk.PredictionEpochs>();
    expectTypeOf<prediction.PredictionTrendsReply>().toExtend<sdk.PredictionTrends>();
    expectTypeOf<metrics.SeriesReply>().toExtend<Wired<sdk.SeriesReply>>();
    expectTypeOf<keyof z.infer<typeof metrics.wideMetricsReplySchema>>().toEqualTypeOf<
      keyof sdk.MetricPage
    >();
  });

  it("offer nothing that the server's schemas refuse", () => {
    expectTypeOf<sdk.StartJob>().toExtend<job.StartJobBody>();
    expectTypeOf<sdk.AttachJob>().toExtend<z.input<typeof job.attachJobBodySchema>>();
    expectTypeOf<sdk.UpdateJob>().toExtend<job.UpdateJobBody>();
    expectTypeOf<sdk.PredictionInput>().toExtend<
      z.input<typeof prediction.predictionInputSchema>
    >();
    expectTypeOf<sdk.PredictionQuery>().toExtend<prediction.PredictionsQuery>();
    expectTypeOf<sdk.MetricPoint>().toExtend<ingest.MetricPoint>();
    expectTypeOf<keyof sdk.JobListQuery>().toEqualTypeOf<
      keyof z.input<typeof job.listJobsQuerySchema>
    >();
  });

  it("name the same states, commands and kinds of rows", () => {
    expectTypeOf<sdk.JobStatus>().toEqualTypeOf<job.JobStatus>();
    expectTypeOf<sdk.JobKind>().toEqualTypeOf<job.JobKind>();
    expectTypeOf<sdk.CommandType>().toEqualTypeOf<command.CommandType>();
    expectTypeOf<sdk.CommandStatus>().toEqualTypeOf<command.CommandStatus>();
    expectTypeOf<stream.JournalRow>().toExtend<sdk.JournalRow>();
    expectTypeOf<prediction.Prediction>().toEqualTypeOf<sdk.Prediction>();
    expectTypeOf<z.infer<typeof errorReplySchema>["error"]>().toExtend<{
      code: string;
      message: string;
      request_id: string;
      details?: unknown;
    }>();
  });
});
