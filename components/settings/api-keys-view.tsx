"use client";

import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { AttachSnippetTabs } from "@/components/runs/new-run/attach-snippet-tabs";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { useApiKeys } from "@/lib/hooks/account/use-api-keys";
import { ApiKeysList } from "./api-keys-list";
import { CreateKeyDialog } from "./create-key-dialog";
import { SettingsHeader } from "./settings-header";

/** API keys: list, create and revoke. */
export function ApiKeysView() {
  const keys = useApiKeys();
  const [creating, setCreating] = useState(false);
  const create = (
    <Button variant="primary" size="sm" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      New key
    </Button>
  );

  return (
    <>
      <SettingsHeader title="API keys" action={create}>
        Training scripts, notebooks, the SDKs and the command line authenticate with an API key.
      </SettingsHeader>
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        {keys.isPending ? (
          <KeysSkeleton />
        ) : keys.isError ? (
          <ErrorState
            title="Could not load API keys"
            error={keys.error}
            onRetry={() => void keys.refetch()}
            retrying={keys.isFetching}
          />
        ) : keys.data.keys.length === 0 ? (
          <EmptyState
            icon={<KeyRound />}
            title="No API keys yet"
            action={<Button onClick={() => setCreating(true)}>Create API key</Button>}
          >
            An API key lets a program read your runs, send data or control training, within the
            scopes you choose.
          </EmptyState>
        ) : (
          <ApiKeysList keys={keys.data.keys} />
        )}
      </div>
      <section aria-labelledby="use-title" className="mt-8">
        <h2 id="use-title" className="mb-2 text-base font-medium">
          Using a key
        </h2>
        <AttachSnippetTabs here />
      </section>
      <CreateKeyDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

function KeysSkeleton() {
  return (
    <div role="status" aria-label="Loading API keys">
      {["w-32", "w-40", "w-24"].map((width) => (
        <div
          key={width}
          className="flex h-15 items-center justify-between gap-4 border-b border-line px-4 last:border-0"
        >
          <span className="flex flex-col gap-2">
            <Skeleton className={width} />
            <Skeleton className="w-48" />
          </span>
          <Skeleton className="h-7 w-18 rounded-md" />
        </div>
      ))}
    </div>
  );
}
