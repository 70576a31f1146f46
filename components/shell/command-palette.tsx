"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { GitCompareArrows, Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useDeferredValue, useState } from "react";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { backdropClasses } from "@/components/ui/overlays/dialog";
import { StatePill } from "@/components/ui/status/state-pill";
import { listJobs } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";
import { palettePages } from "./nav";
import type { PaletteAction } from "./use-palette-actions";

interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  actions: readonly PaletteAction[];
}

/** The command palette: runs, pages and actions. */
export function CommandPalette({ open, onOpenChange, actions }: PaletteProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClasses} />
        <BaseDialog.Popup
          aria-label="Search runs, pages and actions"
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-1.5rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface shadow-dialog outline-hidden transition-[opacity,scale] duration-100 data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0"
        >
          <PaletteBody actions={actions} close={() => onOpenChange(false)} />
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

function PaletteBody({ actions, close }: { actions: readonly PaletteAction[]; close: () => void }) {
  const router = useRouter();
  const here = runOf(usePathname());
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const query = { limit: q ? 8 : 5, q, sort: "-updated" };
  const runs = useQuery({
    queryKey: queryKeys.jobs.list(query),
    queryFn: ({ signal }) => listJobs(query, signal),
    placeholderData: keepPreviousData,
  });
  const matches = (label: string) => label.toLowerCase().includes(text.trim().toLowerCase());
  const pages = palettePages.filter((page) => matches(page.label));
  const shownActions = actions.filter((action) => matches(action.label));
  const found = runs.data?.jobs ?? [];
  // The first item is highlighted whenever the results change.
  const results = `${text} ${found.map((job) => job.id).join(" ")}`;
  const [chosen, setChosen] = useState({ results: "", value: "" });
  const first = found[0]
    ? `run ${found[0].id}`
    : shownActions[0]
      ? `action ${shownActions[0].label}`
      : `page ${pages[0]?.href}`;
  const value = chosen.results === results ? chosen.value : first;
  const go = (href: string) => {
    close();
    router.push(href);
  };

  return (
    <Command
      shouldFilter={false}
      label="Search runs, pages and actions"
      loop
      value={value}
      onValueChange={(next) => setChosen({ results, value: next })}
    >
      <div className="flex h-11 items-center gap-2.5 border-b border-line px-3.5">
        <Search aria-hidden className="size-4 shrink-0 text-faint" />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder="Search runs, pages, actions…"
          className="touch-text h-full w-full bg-transparent text-base outline-hidden"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto overscroll-contain p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-sm text-muted">
          {runs.isFetching ? "Searching…" : `No results for “${text}”`}
        </Command.Empty>
        {found.length > 0 ? (
          <Group heading={q ? "Runs" : "Recent runs"}>
            {found.map((job) => (
              <Item key={job.id} value={`run ${job.id}`} onSelect={() => go(`/runs/${job.id}`)}>
                <span className="min-w-0 flex-1 truncate">{job.name}</span>
                <span className="text-xs text-faint">{job.kind}</span>
                <StatePill status={job.status} />
              </Item>
            ))}
          </Group>
        ) : null}
        {here !== null && q !== "" && found.some((job) => job.id !== here) ? (
          <Group heading="Compare this run with">
            {found
              .filter((job) => job.id !== here)
              .slice(0, 4)
              .map((job) => (
                <Item
                  key={job.id}
                  value={`compare ${job.id}`}
                  onSelect={() => go(`/compare?runs=${here},${job.id}`)}
                >
                  <GitCompareArrows aria-hidden className="size-4 text-muted" />
                  <span className="min-w-0 flex-1 truncate">{job.name}</span>
                </Item>
              ))}
          </Group>
        ) : null}
        {shownActions.length > 0 ? (
          <Group heading="Actions">
            {shownActions.map(({ label, icon: Icon, shortcut, run }) => (
              <Item
                key={label}
                value={`action ${label}`}
                onSelect={() => {
                  close();
                  run();
                }}
              >
                <Icon aria-hidden className="size-4 text-muted" />
                <span className="flex-1">{label}</span>
                {shortcut ? <Kbd>{shortcut}</Kbd> : null}
              </Item>
            ))}
          </Group>
        ) : null}
        {pages.length > 0 ? (
          <Group heading="Pages">
            {pages.map(({ href, label, icon: Icon }) => (
              <Item key={href} value={`page ${href}`} onSelect={() => go(href)}>
                <Icon aria-hidden className="size-4 text-muted" />
                {label}
              </Item>
            ))}
          </Group>
        ) : null}
      </Command.List>
    </Command>
  );
}

/** The run whose page is open. */
function runOf(pathname: string): string | null {
  const id = /^\/runs\/([^/]+)/.exec(pathname)?.[1];
  return id ?? null;
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  value: string;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ value, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className={cn(
        "flex h-9 cursor-default items-center gap-2.5 rounded-md px-2 text-sm select-none",
        "data-[selected=true]:bg-hover pointer-coarse:h-11",
      )}
    >
      {children}
    </Command.Item>
  );
}
