import type {
  ingestPredictionsBodySchema,
  ingestPredictionsReplySchema,
} from "@signalbox/protocol/data/prediction-input";
import { scoreLimits } from "@signalbox/protocol/data/score";
import { z } from "zod";
import { ingestAuth, type Principal } from "../auth/principal";
import { AppError } from "../errors";
import { announceRows } from "../ingest/announce-rows";
import { batchIdentity } from "../ingest/batch-identity";
import { requireIngest } from "../ingest/require-ingest";
import { limitReached, maximumOf } from "../limits/limit-reached";
import { storeBatch } from "../limits/store-batch";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import { Breath } from "../work/breath";
import { batchQuality } from "./batch-quality";
import { kindOfScore } from "./further-fields";
import { storedPrediction } from "./stored-prediction";

interface Input {
  request: Request;
  principal: Principal;
  body: z.output<typeof ingestPredictionsBodySchema>;
  bodyText: string;
}

const samplesRefusalSchema = z.object({ limit: z.literal("samples"), used: z.number() });

type Reply = z.output<typeof ingestPredictionsReplySchema>;
type Row = ReturnType<typeof storedPrediction>;

/**
 * Stores a batch of predictions, whole or not at all. Quality that the trainer did not send is
 * computed. A prediction replaces an earlier one of the same epoch, step and sample.
 * @throws AppError unauthorized, not_found, conflict (batch id reused, a limit of the owner), too_large, bad_request (a
 *   score that cannot be kept)
 */
export async function ingestPredictions(input: Input): Promise<Reply> {
  const { predictions, job_id, batch_id } = input.body;
  // The last of equal ones wins within a batch, too; the SQL function takes each once.
  const rows = new Map<string, Row>();
  const quality = await batchQuality(input.principal.userId, predictions, () =>
    requireIngest(input.principal, job_id),
  );
  const breath = new Breath();
  for (const [index, prediction] of predictions.entries()) {
    const { epoch, step, sample_index } = prediction;
    const row = storedPrediction(prediction, `predictions.${index}`, quality[index] ?? null);
    rows.set(`${epoch}/${step}/${sample_index}`, row);
    await breath.ifDue();
  }
  const to = {
    p_auth: ingestAuth(input.principal),
    p_job_id: job_id,
    ...batchIdentity(input.request, input.bodyText, batch_id),
  };
  const reply = await storeBatch(
    input.principal.userId,
    to,
    { predictions: rows.size, prediction_bytes: input.bodyText.length },
    async () =>
      announceRows(
        await callRpc("ingest_predictions", {
          ...to,
          p_rows: asJson([...rows.values()]),
          p_scores: asJson(scoresOf(rows.values())),
          p_max_samples: maximumOf("samples"),
        }).catch(refuseSamples),
      ),
  );
  return { ...reply, count: predictions.length };
}

/** The database knows which samples are new, and this process what to say. */
function refuseSamples(error: unknown): never {
  const details = error instanceof AppError ? samplesRefusalSchema.safeParse(error.details) : null;
  if (details?.success) throw limitReached("samples", details.data.used);
  throw error;
}

/** The scores of a batch in the order in which they come, with the first texts of each. */
function scoresOf(rows: Iterable<Row>) {
  const found = new Map<string, { kind: "number" | "text"; texts: Set<string> }>();
  for (const { scores = {} } of rows) {
    for (const [name, value] of Object.entries(scores)) {
      const kind = kindOfScore(value);
      let score = found.get(name);
      if (!score) {
        score = { kind, texts: new Set() };
        found.set(name, score);
      }
      // Twice the categories: the job may have some of these, and lack the rest.
      if (kind === "text" && score.texts.size < scoreLimits.categories * 2) {
        score.texts.add(String(value));
      }
    }
  }
  return [...found].map(([name, { kind, texts }]) => ({ name, kind, texts: [...texts] }));
}
