import { type PauseMode, pauseModes } from "@signalbox/protocol/job/command";
import type { JobKind, LiveParam } from "@signalbox/protocol/job/job";
import { z } from "zod";
import type { LoopConfig } from "./toolkit/config-fields.ts";
import type { Snapshot, Trainer } from "./trainer.ts";
import type { TrainerReference } from "./trainer-reference.ts";

/**
 * The declaration of a trainer. The backend's own process loads it, too, so `create` and `introduction`
 * import the array library and the data only when they are called.
 */
export interface TrainerSpec<Config extends LoopConfig, Live extends string> {
  /** Unique and permanent: jobs and checkpoints refer to it. */
  name: string;
  /** Shown to people. */
  title: string;
  /** A run is started by kind; the first registered trainer of a kind takes it. */
  kind: JobKind;
  /** Validates the configuration and describes it to forms. */
  config: z.ZodType<Config>;
  /** Parameters that can be changed while training, with their ranges. */
  liveParams: Record<Live, Required<LiveParam>>;
  /** Supported ways to pause; all if omitted. */
  pause?: readonly PauseMode[];
  /** Layout of the `parameters/…` tensors in checkpoints, if other trainers can start from them. */
  weights?: string;
  /** How a run takes its initial weights from a run with the same `weights`. */
  startFrom?: {
    /** The configuration field that holds the id of that run. */
    field: keyof Config & string;
    /** Takes over what the weights depend on, such as the model's shape. */
    adopt(config: Config, source: Record<string, unknown>): Config;
  };
  /** Creates a trainer before its first step. `start`: the checkpoint named by `startFrom`. */
  create(config: Config, start: Snapshot | null): Promise<Trainer<Live>>;
  /** The first lines of a new run's log. */
  introduction(config: Config): Promise<string[]>;
}

/** A trainer as the rest of the backend sees it. */
export interface TrainerDefinition {
  readonly name: string;
  readonly title: string;
  readonly kind: JobKind;
  readonly liveParams: Readonly<Record<string, Required<LiveParam>>>;
  readonly pause: readonly PauseMode[];
  readonly weights: string | null;
  /** The configuration field that holds the id of the run to start from. */
  readonly startFromField: string | null;
  /** JSON Schema of the configuration. */
  configJsonSchema(): Record<string, unknown>;
  /** Parses a configuration; throws a ZodError that names each invalid field. */
  configure(config: unknown): ConfiguredTrainer;
}

/** A trainer with its parsed configuration. */
export interface ConfiguredTrainer {
  readonly definition: TrainerDefinition;
  readonly reference: TrainerReference;
  readonly loop: LoopConfig;
  /** Id of the run whose weights the configuration asks for. */
  readonly startFromRun: string | null;
  /** The same trainer, adapted to weights of a run with the given configuration. */
  adopt(source: Record<string, unknown>): ConfiguredTrainer;
  create(start: Snapshot | null): Promise<Trainer>;
  introduction(): Promise<string[]>;
}

/** Declares a trainer: the default export of its folder, listed in `registry.ts`. */
export function defineTrainer<Config extends LoopConfig, const Live extends string>(
  spec: TrainerSpec<Config, Live>,
): TrainerDefinition {
  const { name, title, kind, liveParams, startFrom } = spec;
  const configured = (config: Config): ConfiguredTrainer => {
    const run: unknown = startFrom ? config[startFrom.field] : null;
    return {
      definition,
      reference: { trainer: name, kind, config: { ...config } },
      loop: config,
      startFromRun: typeof run === "string" ? run : null,
      adopt: (source) => configured(startFrom ? startFrom.adopt(config, source) : config),
      create: (start) => spec.create(config, start),
      introduction: () => spec.introduction(config),
    };
  };
  const definition: TrainerDefinition = {
    name,
    title,
    kind,
    liveParams,
    pause: spec.pause ?? pauseModes,
    weights: spec.weights ?? null,
    startFromField: startFrom?.field ?? null,
    configJsonSchema: () => ({ ...z.toJSONSchema(spec.config, { io: "input" }) }),
    configure: (config) => configured(spec.config.parse(config)),
  };
  return definition;
}
