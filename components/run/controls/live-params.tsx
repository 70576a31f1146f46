"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { ownValue } from "@signalbox/protocol/wire/json";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import { isLearningRate } from "@/lib/format/number";
import type { JobCommands } from "@/lib/hooks/runs/use-job-command";
import { commandPermission } from "@/lib/jobs/allowed-commands";
import { LearningRateControl } from "./learning-rate-control";

/** The current rate: the latest value of its series, else from params or config. */
function currentRate(job: Job, name: string): number | null {
  const series = Object.entries(job.latest).find(
    ([key]) => key === `train/${name}` || key === name || key.endsWith(`/${name}`),
  );
  if (series) return fromWireNumber(series[1]);
  const set = ownValue(job.params, name) ?? ownValue(job.config, name);
  return typeof set === "number" ? set : null;
}

/** The learning rate control; hidden where a run has no learning rate. */
export function LiveParams({ job, control }: { job: Job; control: JobCommands }) {
  const name = Object.keys(job.live_params).find(isLearningRate) ?? "learning_rate";
  const current = currentRate(job, name);
  if (current === null && !Object.hasOwn(job.live_params, name)) return null;
  const permission = commandPermission(job, "update_params");
  const failure = control.failure?.type === "update_params" ? control.failure.error : null;
  return (
    <LearningRateControl
      current={current}
      range={ownValue(job.live_params, name)}
      last={control.commands.find(
        (command) => command.type === "update_params" && Object.hasOwn(command.args, name),
      )}
      sending={control.sending === "update_params"}
      failure={failure}
      disabledReason={permission.allowed ? undefined : permission.reason}
      onApply={(value) => control.request({ type: "update_params", params: { [name]: value } })}
      onOpen={control.clearFailure}
    />
  );
}
