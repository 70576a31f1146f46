"use client";

import { type ApiKeyScope, apiKeyScopes } from "@signalbox/protocol/data/read";
import { TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { Select } from "@/components/ui/inputs/select";
import { Dialog, DialogClose } from "@/components/ui/overlays/dialog";
import { fieldErrors } from "@/lib/api/errors";
import { useCreateApiKey } from "@/lib/hooks/account/use-api-keys";
import { type ExpiryChoice, expiryChoices, scopeLabels } from "./scopes";

interface CreateKeyDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Creates a key with a name, scopes and an expiry, and shows its secret once. */
export function CreateKeyDialog({ open, onOpenChange }: CreateKeyDialogProps) {
  const [secret, setSecret] = useState<string | null>(null);
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) setSecret(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      size="sm"
      title={secret === null ? "New API key" : "Copy your key now"}
      bare
    >
      {!open ? null : secret === null ? (
        <KeyForm onCreated={setSecret} />
      ) : (
        <Secret secret={secret} onDone={() => close(false)} />
      )}
    </Dialog>
  );
}

function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <>
      <div className="flex flex-col gap-3 px-5 py-5">
        <p className="flex items-start gap-2 text-sm text-pretty text-muted">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-paused" />
          The key is shown only once: Signalbox stores only its hash.
        </p>
        <CodeBlock title="API key" code={secret} wrap />
        <CodeBlock title="shell" code={`export SIGNALBOX_API_KEY=${secret}`} wrap />
      </div>
      <footer className="flex justify-end border-t border-line px-5 py-3">
        <Button variant="primary" onClick={onDone}>
          Done
        </Button>
      </footer>
    </>
  );
}

function KeyForm({ onCreated }: { onCreated: (secret: string) => void }) {
  const create = useCreateApiKey();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(["read", "ingest"]);
  const [expiry, setExpiry] = useState<ExpiryChoice>("90");
  const [checked, setChecked] = useState(false);
  const refused = fieldErrors(create.error);
  const nameError = checked && name.trim() === "" ? "Enter a name." : refused.name;
  const scopeError = checked && scopes.length === 0 ? "Choose at least one scope." : refused.scopes;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (name.trim() === "" || scopes.length === 0) return;
    create.mutate(
      {
        name: name.trim(),
        scopes: apiKeyScopes.filter((scope) => scopes.includes(scope)),
        expires_in_days: expiry === "never" ? null : Number(expiry),
      },
      { onSuccess: ({ secret }) => onCreated(secret) },
    );
  };

  return (
    <form noValidate onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-5">
        {create.isError ? (
          <ErrorState inline title="Could not create the key" error={create.error} />
        ) : null}
        <Field label="Name" help="Helps you recognise the key later." error={nameError}>
          <Input
            value={name}
            onValueChange={setName}
            maxLength={64}
            placeholder="training-box"
            autoComplete="off"
            autoFocus
          />
        </Field>
        <fieldset className="flex flex-col">
          <legend className="mb-1 text-sm font-medium">Scopes</legend>
          {apiKeyScopes.map((scope) => (
            <ScopeBox
              key={scope}
              scope={scope}
              checked={scopes.includes(scope)}
              onChange={(on) =>
                setScopes((old) => (on ? [...old, scope] : old.filter((each) => each !== scope)))
              }
            />
          ))}
          {scopeError ? <p className="mt-1 text-xs text-failed">{scopeError}</p> : null}
        </fieldset>
        <Field label="Expires after" error={refused.expires_in_days}>
          <Select value={expiry} onValueChange={setExpiry} options={expiryChoices} />
        </Field>
      </div>
      <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">
        <DialogClose>
          <Button disabled={create.isPending}>Cancel</Button>
        </DialogClose>
        <Button variant="primary" type="submit" pending={create.isPending}>
          Create key
        </Button>
      </footer>
    </form>
  );
}

interface ScopeBoxProps {
  scope: ApiKeyScope;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function ScopeBox({ scope, checked, onChange }: ScopeBoxProps) {
  const { title, description } = scopeLabels[scope];
  const descriptionId = `scope-${scope}`;
  return (
    <div className="flex items-start gap-2.5 py-1.5">
      <Checkbox
        checked={checked}
        onCheckedChange={onChange}
        aria-label={title}
        aria-describedby={descriptionId}
        className="mt-0.5"
      />
      <div className="text-sm">
        {title}
        <p id={descriptionId} className="text-xs text-muted">
          {description}
        </p>
      </div>
    </div>
  );
}
