"use client";

import type { TrainerCapability } from "@signalbox/protocol/service/backend";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { fieldErrors } from "@/lib/api/errors";
import { useStartJob } from "@/lib/hooks/runs/use-start-job";
import { ConfigFields } from "./config-fields";
import { type FieldValue, fieldGroups, initialValues, readForm } from "./config-form";
import { TagsInput } from "./tags-input";
import { TrainerChoice } from "./trainer-choice";

interface NewRunFormProps {
  id: string;
  trainers: readonly TrainerCapability[];
  actions: (starting: boolean) => ReactNode;
}

/** Errors of the server by field; it names a setting `learning_rate` or `config.learning_rate`. */
function serverErrors(error: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([path, message]) => [
      path.replace(/^config\./, ""),
      message,
    ]),
  );
}

/** The trainer, name, tags, and the settings that the trainer declares. */
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
  const rejected = serverErrors(start.error);
  const shownErrors = { ...rejected, ...(checked ? errors : {}) };
  const starting = start.isPending || start.isSuccess;

  const change = (field: string, value: FieldValue) => {
    setEdited((old) => ({ ...old, [field]: value }));
    if (start.isError) start.reset();
  };

  const focusInvalid = () =>
    requestAnimationFrame(() => {
      const invalid = form.current?.querySelector<HTMLElement>("[data-invalid] input");
      invalid?.focus({ preventScroll: true });
      invalid?.scrollIntoView({ block: "center" });
    });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!trainer || starting) return;
    if (Object.keys(errors).length > 0) {
      focusInvalid();
      return;
    }
    start.mutate(
      { kind: trainer.kind, config, tags, ...(name.trim() ? { name: name.trim() } : {}) },
      {
        onSuccess: (job) => router.push(`/runs/${encodeURIComponent(job.id)}`),
        onError: focusInvalid,
      },
    );
  };
  const invalidCount = Object.keys(shownErrors).length;

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
          <ErrorState inline title="Could not start the run" error={start.error} />
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
          <Field label="Name" help="Leave empty to generate one." error={shownErrors.name}>
            <Input
              value={name}
              onValueChange={setName}
              maxLength={256}
              placeholder="my-run"
              autoComplete="off"
            />
          </Field>
          <Field label="Tags" help="Press Enter or comma to add a tag." error={shownErrors.tags}>
            <TagsInput value={tags} onValueChange={setTags} placeholder="baseline" />
          </Field>
        </div>
        <ConfigFields groups={groups} values={values} errors={shownErrors} onChange={change} />
      </form>
      <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
        <p
          aria-live="polite"
          className="mr-auto min-w-0 truncate text-xs text-failed max-sm:sr-only"
        >
          {invalidCount === 0 ? "" : invalidText(invalidCount)}
        </p>
        {actions(starting)}
      </footer>
    </>
  );
}

function invalidText(count: number): string {
  return count === 1 ? "1 field is invalid." : `${count} fields are invalid.`;
}
