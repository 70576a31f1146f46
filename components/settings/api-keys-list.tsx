"use client";

import type { ApiKey } from "@signalbox/protocol/data/read";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { AlertDialog } from "@/components/ui/overlays/alert-dialog";
import { Tooltip } from "@/components/ui/overlays/tooltip";
import { RelativeTime } from "@/components/ui/relative-time";
import { Tag } from "@/components/ui/tag";
import { describeError } from "@/lib/api/errors";
import { formatExact } from "@/lib/format/time";
import { useRevokeApiKey } from "@/lib/hooks/account/use-api-keys";
import { useNow } from "@/lib/hooks/page/use-now";
import { type KeyState, keyState, sortKeys } from "./key-state";
import { scopeLabels } from "./scopes";

/** All keys with their scopes and last use; revoking needs a confirmation. */
export function ApiKeysList({ keys }: { keys: readonly ApiKey[] }) {
  const now = useNow(60_000) ?? 0;
  const revoke = useRevokeApiKey();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);

  const confirm = (key: ApiKey) =>
    revoke.mutate(key.id, {
      onSuccess: () => {
        setRevoking(null);
        toast.success(`Revoked “${key.name}”`);
      },
      onError: (error) => {
        const { message, requestId } = describeError(error);
        toast.error("Could not revoke the key", {
          description: requestId ? `${message} (request ${requestId})` : message,
        });
      },
    });

  return (
    <>
      <ul>
        {sortKeys(keys, now).map((key) => (
          <KeyRow
            key={key.id}
            apiKey={key}
            state={keyState(key, now)}
            onRevoke={() => setRevoking(key)}
          />
        ))}
      </ul>
      <AlertDialog
        open={revoking !== null}
        onOpenChange={(open) => {
          if (!open) setRevoking(null);
        }}
        title={`Revoke “${revoking?.name ?? ""}”?`}
        action="Revoke"
        danger
        pending={revoke.isPending}
        onAction={() => revoking && confirm(revoking)}
      >
        <p>
          Programs using this key lose access immediately, and its open streams are closed. This
          cannot be undone.
        </p>
      </AlertDialog>
    </>
  );
}

interface KeyRowProps {
  apiKey: ApiKey;
  state: KeyState;
  onRevoke: () => void;
}

function KeyRow({ apiKey: key, state, onRevoke }: KeyRowProps) {
  const dead = state === "revoked" || state === "expired";
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2.5 last:border-0 sm:grid-cols-[minmax(0,1fr)_auto_5rem]">
      <div className="min-w-0">
        <p className="flex min-w-0 items-center gap-2">
          <span className={cn("truncate text-sm font-medium", dead && "text-muted line-through")}>
            {key.name}
          </span>
          <code className="shrink-0 text-2xs text-faint">{key.prefix}…</code>
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted">
          <span>
            {key.last_used_at === null ? (
              "never used"
            ) : (
              <>
                last used <RelativeTime value={key.last_used_at} />
              </>
            )}
          </span>
          <Expiry apiKey={key} state={state} />
        </p>
      </div>
      <div className="col-span-full row-start-2 flex flex-wrap gap-1 sm:col-auto sm:row-auto">
        {key.scopes.map((scope) => (
          <Tooltip key={scope} content={scopeLabels[scope].description}>
            <Tag mono>{scope}</Tag>
          </Tooltip>
        ))}
      </div>
      <div className="flex justify-end">
        {dead ? null : (
          <Button
            variant="danger-quiet"
            size="sm"
            aria-label={`Revoke ${key.name}`}
            onClick={onRevoke}
          >
            Revoke
          </Button>
        )}
      </div>
    </li>
  );
}

function Expiry({ apiKey: key, state }: { apiKey: ApiKey; state: KeyState }) {
  if (state === "revoked") {
    return (
      <span className="text-failed">
        revoked <RelativeTime value={key.revoked_at} />
      </span>
    );
  }
  if (key.expires_at === null) return <span>never expires</span>;
  if (state === "expired") {
    return (
      <span className="text-failed">
        expired <RelativeTime value={key.expires_at} />
      </span>
    );
  }
  return (
    <Tooltip content={<span className="nums">{formatExact(key.expires_at)}</span>}>
      <span className={cn("nums", state === "expiring" && "text-paused")}>
        expires {formatExact(key.expires_at).split(",")[0]}
      </span>
    </Tooltip>
  );
}
