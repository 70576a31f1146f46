"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { SearchX } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { SearchInput } from "@/components/ui/inputs/search-input";
import { formatInteger } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import {
  type ConfigEntry,
  type ConfigSection,
  configJson,
  configSections,
  searchEntries,
  toYaml,
  valueText,
} from "./config-entries";

/** The run's config: searchable, every value can be copied. */
export function ConfigTab({ job }: { job: Job }) {
  const [query, setQuery] = useQueryState("config", parseAsString.withDefault(""));
  const sections = useMemo(() => configSections(job), [job]);
  const found = sections.map((section) => ({
    ...section,
    entries: searchEntries(section.entries, query),
  }));
  const count = found.reduce((sum, section) => sum + section.entries.length, 0);
  const copy = async (text: string, as: string) => {
    try {
      await navigator.clipboard.writeText(text);
      toast.success(`Copied as ${as}`);
    } catch {
      toast.error("Copying was blocked by the browser. Select the text instead.");
    }
  };

  return (
    <div className="flex w-full max-w-4xl flex-col gap-4 px-3 py-3 sm:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput
          label="Search config"
          placeholder="Search names and values"
          value={query}
          onChange={(value) => void setQuery(value)}
          className="flex-1 basis-full sm:max-w-80 sm:basis-48"
        />
        <p className="nums flex-1 text-xs whitespace-nowrap text-faint" aria-live="polite">
          {formatInteger(count)} {count === 1 ? "value" : "values"}
        </p>
        <Button size="sm" onClick={() => void copy(configJson(job), "JSON")}>
          Copy JSON
        </Button>
        <Button size="sm" onClick={() => void copy(`${toYaml(job.config)}\n`, "YAML")}>
          Copy YAML
        </Button>
      </div>
      {query !== "" && count === 0 ? (
        <EmptyState
          icon={<SearchX />}
          title={`No results for “${query}”`}
          action={<Button onClick={() => void setQuery("")}>Clear search</Button>}
        />
      ) : (
        found
          .filter((section) => query === "" || section.entries.length > 0)
          .map((section) => <Section key={section.id} section={section} />)
      )}
    </div>
  );
}

function Section({ section }: { section: ConfigSection }) {
  return (
    <section aria-labelledby={`config-${section.id}`}>
      <h2 id={`config-${section.id}`} className="mb-1.5 text-sm font-medium">
        {section.title}
      </h2>
      {section.entries.length === 0 ? (
        <p className="text-sm text-muted">{section.empty}</p>
      ) : (
        <dl className="overflow-hidden rounded-lg border border-line bg-surface">
          {section.entries.map((entry) => (
            <Entry key={entry.path} entry={entry} />
          ))}
        </dl>
      )}
    </section>
  );
}

function Entry({ entry: { path, value } }: { entry: ConfigEntry }) {
  const text = valueText(value);
  const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  const leaf = cut > 0 && path[cut] === "." ? cut + 1 : 0;
  return (
    <div className="group flex min-h-8 items-start gap-3 border-b border-line px-3 py-1 last:border-b-0 hover:bg-hover max-sm:flex-col max-sm:gap-0">
      <dt className="w-64 shrink-0 py-0.5 font-mono text-xs leading-5 break-all max-sm:w-auto">
        <span className="text-faint">{visibleText(path.slice(0, leaf))}</span>
        {visibleText(path.slice(leaf))}
      </dt>
      <dd className="flex min-w-0 flex-1 items-start gap-1 max-sm:w-full">
        <span
          className={`nums max-h-60 min-w-0 flex-1 overflow-y-auto py-0.5 font-mono text-xs leading-5 break-words whitespace-pre-wrap [overflow-wrap:anywhere] ${value === null ? "text-faint" : "text-ink"}`}
        >
          {value === null ? "–" : visibleText(text, { lineBreaks: true })}
        </span>
        <span className="-my-0.5 opacity-0 group-hover:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100">
          <CopyButton value={text} label={`Copy ${path}`} />
        </span>
      </dd>
    </div>
  );
}
