import type { JobKind } from "@signalbox/protocol/job/job";
import { type Capabilities, capabilitiesSchema } from "@signalbox/protocol/service/backend";
import type { ConfiguredTrainer, TrainerDefinition } from "./define-trainer.ts";
import type { TrainerReference } from "./trainer-reference.ts";

type TrainerName = Pick<TrainerReference, "trainer" | "kind">;

/** No registered trainer has the name or kind asked for. */
export class UnknownTrainerError extends Error {
  override name = "UnknownTrainerError";
}

/** The trainers of a backend, by name and by kind. */
export class TrainerRegistry {
  readonly #trainers: readonly TrainerDefinition[];

  /** Of several trainers of a kind the first is the default. Throws if two have the same name. */
  constructor(trainers: readonly TrainerDefinition[]) {
    const names = trainers.map(({ name }) => name);
    const repeated = names.find((name, i) => names.indexOf(name) !== i);
    if (repeated !== undefined) throw new Error(`two trainers have the name ${repeated}`);
    this.#trainers = trainers;
  }

  /** The trainer of a job or checkpoint; throws `UnknownTrainerError`. */
  find(reference: TrainerName): TrainerDefinition {
    const found = this.#lookup(reference);
    if (found) return found;
    const { trainer, kind } = reference;
    throw new UnknownTrainerError(
      trainer === undefined
        ? `this backend has no trainer of kind ${kind}; it has ${this.#kinds().join(", ")}`
        : `this backend has no trainer ${trainer}`,
    );
  }

  /** Parses a configuration; throws `UnknownTrainerError`, or a ZodError that names each field. */
  configure(reference: TrainerReference): ConfiguredTrainer {
    return this.find(reference).configure(reference.config);
  }

  /** What `GET /v1/capabilities` answers: the default trainer of every kind. */
  capabilities(): Capabilities {
    const trainers = this.#kinds().map((kind) => {
      const trainer = this.find({ kind });
      return {
        kind,
        name: trainer.title,
        config_schema: trainer.configJsonSchema(),
        live_params: trainer.liveParams,
        pause: trainer.pause,
      };
    });
    const capabilities = capabilitiesSchema.parse({ trainers });
    for (const { kind, config_schema } of capabilities.trainers) {
      const { startFromField, weights } = this.find({ kind });
      const field = startFromField === null ? undefined : config_schema.properties[startFromField];
      if (field) Object.assign(field, { "x-widget": "run", "x-run-kinds": this.#kinds(weights) });
    }
    return capabilities;
  }

  /** Whether a trainer can start from the weights of a job with another trainer. */
  canStartFrom({ weights }: TrainerDefinition, source: TrainerName): boolean {
    return weights !== null && this.#lookup(source)?.weights === weights;
  }

  #lookup({ trainer, kind }: TrainerName): TrainerDefinition | undefined {
    return this.#trainers.find((each) =>
      trainer === undefined ? each.kind === kind : each.name === trainer,
    );
  }

  /** Kinds that have a trainer, in the order of the list; only those of a weights layout if given. */
  #kinds(weights?: string | null): JobKind[] {
    const trainers = this.#trainers.filter((t) => weights === undefined || t.weights === weights);
    return [...new Set(trainers.map(({ kind }) => kind))];
  }
}
