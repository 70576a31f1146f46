"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { TrainerCapability } from "@signalbox/protocol/backend";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { Tag } from "@/components/ui/tag";
import { fieldErrors } from "@/lib/api/errors";
import { listJobs } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";
import { useStartJob } from "@/lib/hooks/runs/use-start-job";
import { ConfigFields } from "./config-fields";
import { type FieldValue, fieldGroups, initialValues, readForm } from "./config-form";
import { TagsInput } from "./tags-input";

interface NewRunFormProps {
  id: string;
  trainers: readonly TrainerCapability[];
  actions: (starting: boolean) => ReactNode;
}

/** The server names a setting `learning_rate` or `config.learning_rate`. */
function serverErrors(error: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([path, message]) => [
      path.replace(/^config\./, ""),
      message,
    ]),
  );
}

/** Trainer, name, tags and the settings that the trainer declares. */
export function NewRunForm({ id, trainers, actions }: NewRunFormProps) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const start = useStartJob();
  const [chosen, setChosen] = useState(trainers[0]?.name);
  const [name, setName] = useState("");
  const [tags, setTags] = useState<string[]>([]);
  const [edited, setEdited] = useState<Record<string, FieldValue>>({});
  const [checked, setChecked] = useState(false);

  const trainer = trainers.find((each) => each.name === chosen) ?? trainers[0];
  const groups = useMemo(() => (trainer ? fieldGroups(trainer.config_schema) : []), [trainer]);
  const values = useMemo(() => ({ ...initialValues(groups), ...edited }), [groups, edited]);
  const { config, errors } = readForm(groups, values);
  const refused = serverErrors(start.error);
  const shownErrors = { ...refused, ...(checked ? errors : {}) };
  const needsRun = groups.some((group) => group.fields.some((field) => field.isRun));
  const starting = start.isPending || start.isSuccess;

  const query = { limit: 50, kind: ["sft"] as const, sort: "-updated" };
  const runs = useQuery({
    queryKey: queryKeys.jobs.list(query),
    queryFn: ({ signal }) => listJobs(query, signal),
    enabled: needsRun,
  });

  const change = (field: string, value: FieldValue) => {
    setEdited((old) => ({ ...old, [field]: value }));
    if (start.isError) start.reset();
  };

  const focusWrong = () =>
    requestAnimationFrame(() => {
      const wrong = form.current?.querySelector<HTMLElement>("[data-invalid] input");
      wrong?.focus({ preventScroll: true });
      wrong?.scrollIntoView({ block: "center" });
    });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!trainer || starting) return;
    if (Object.keys(errors).length > 0) {
      focusWrong();
      return;
    }
    start.mutate(
      { kind: trainer.kind, config, tags, ...(name.trim() ? { name: name.trim() } : {}) },
      {
        onSuccess: (job) => router.push(`/runs/${encodeURIComponent(job.id)}`),
        onError: focusWrong,
      },
    );
  };
  const wrongCount = Object.keys(shownErrors).length;

  return (
    <>
      <form
        id={id}
        ref={form}
        noValidate
        onSubmit={submit}
        className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto overscroll-contain px-5 py-5"
      >
        {start.isError ? (
          <ErrorState inline title="The run was not started" error={start.error} />
        ) : null}
        <TrainerChoice
          trainers={trainers}
          value={trainer?.name ?? ""}
          onChange={(next) => {
            setChosen(next);
            setEdited({});
            setChecked(false);
            start.reset();
          }}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" help="Empty: one is made up." error={shownErrors.name}>
            <Input
              value={name}
              onValueChange={setName}
              maxLength={256}
              placeholder="my-run"
              autoComplete="off"
            />
          </Field>
          <Field label="Tags" help="Enter or a comma adds one." error={shownErrors.tags}>
            <TagsInput value={tags} onValueChange={setTags} placeholder="baseline" />
          </Field>
        </div>
        <ConfigFields
          groups={groups}
          values={values}
          errors={shownErrors}
          onChange={change}
          runIds={runs.data?.jobs.map((job) => job.id) ?? []}
        />
      </form>
      <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
        <p
          aria-live="polite"
          className="mr-auto min-w-0 truncate text-xs text-failed max-sm:sr-only"
        >
          {wrongCount === 0 ? "" : wrongText(wrongCount)}
        </p>
        {actions(starting)}
      </footer>
    </>
  );
}

function wrongText(count: number): string {
  return count === 1 ? "One field needs another value." : `${count} fields need another value.`;
}

interface TrainerChoiceProps {
  trainers: readonly TrainerCapability[];
  value: string;
  onChange: (name: string) => void;
}

function TrainerChoice({ trainers, value, onChange }: TrainerChoiceProps) {
  return (
    <RadioGroup
      aria-label="Trainer"
      value={value}
      onValueChange={(next: string) => onChange(next)}
      className="grid gap-2 sm:grid-cols-2"
    >
      {trainers.map((trainer) => (
        <Radio.Root
          key={trainer.name}
          value={trainer.name}
          nativeButton
          render={<button type="button" />}
          className="flex flex-col items-start gap-1 rounded-md border border-line-strong px-3 py-2.5 text-left transition-colors hover:bg-hover data-checked:border-accent-ink data-checked:bg-accent-soft"
        >
          <span className="flex w-full items-start justify-between gap-2 text-sm font-medium">
            {trainer.name}
            <Tag mono>{trainer.kind}</Tag>
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
