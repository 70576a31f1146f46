import type {
  ingestPredictionsBodySchema,
  ingestPredictionsReplySchema,
} from "@signalbox/protocol/data/prediction-input";
import { scoreLimits } from "@signalbox/protocol/data/score";
import type { z } from "zod";
import { newWorkBudget } from "@/lib/quality/char-error-rate";
import { ingestAuth, type Principal } from "../auth/principal";
import { announceRows } from "../ingest/announce-rows";
import { batchIdentity } from "../ingest/batch-identity";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import { kindOfScore } from "./further-fields";
import { storedPrediction } from "./stored-prediction";

interface Input {
  request: Request;
  principal: Principal;
  body: z.output<typeof ingestPredictionsBodySchema>;
  bodyText: string;
}

type Reply = z.output<typeof ingestPredictionsReplySchema>;
type Row = ReturnType<typeof storedPrediction>;

/**
 * Stores a batch of predictions, whole or not at all. Quality that the trainer did not send is
 * computed. A prediction replaces an earlier one of the same epoch, step and sample.
 * @throws AppError unauthorized, not_found, conflict (batch id reused), too_large, bad_request (a
 *   score that cannot be kept)
 */
export async function ingestPredictions(input: Input): Promise<Reply> {
  const { predictions, job_id, batch_id } = input.body;
  // The last of equal ones wins within a batch, too; the SQL function takes each once.
  const rows = new Map<string, Row>();
  const budget = newWorkBudget();
  for (const [index, prediction] of predictions.entries()) {
    const { epoch, step, sample_index } = prediction;
    const row = storedPrediction(prediction, `predictions.${index}`, budget);
    rows.set(`${epoch}/${step}/${sample_index}`, row);
  }
  const stored = await callRpc("ingest_predictions", {
    p_auth: ingestAuth(input.principal),
    p_job_id: job_id,
    ...batchIdentity(input.request, input.bodyText, batch_id),
    p_rows: asJson([...rows.values()]),
    p_scores: asJson(scoresOf(rows.values())),
  });
  return { ...announceRows(stored), count: predictions.length };
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
