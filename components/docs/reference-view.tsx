"use client";

import { Search } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { SearchInput } from "@/components/ui/inputs/search-input";

interface ReferenceSection {
  id: string;
  label: string;
  /** The method of a route. */
  prefix?: string;
  /** The text that is searched. */
  text: string;
  content: ReactNode;
}

export interface ReferenceChapter {
  title: string;
  description: string;
  sections: ReferenceSection[];
}

const slug = (title: string) => `chapter-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;

/** The chapters, a table of contents, and a search over all of them. */
export function ReferenceView({ chapters }: { chapters: ReferenceChapter[] }) {
  const [query, setQuery] = useQueryState("q", parseAsString.withDefault(""));
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = chapters
    .map((chapter) => ({
      ...chapter,
      sections: chapter.sections.filter(({ text }) =>
        wanted.every((word) => text.toLowerCase().includes(word)),
      ),
    }))
    .filter(({ sections }) => sections.length > 0);
  const count = shown.reduce((sum, { sections }) => sum + sections.length, 0);

  return (
    <div className="mt-6 grid gap-x-10 gap-y-6 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <div className="lg:sticky lg:top-16 lg:max-h-[calc(100dvh-5rem)] lg:self-start lg:overflow-y-auto lg:p-1">
        <search className="block">
          <SearchInput
            label="Search the API reference"
            placeholder="Search routes"
            value={query}
            onChange={(value) => void setQuery(value || null)}
          />
        </search>
        <p role="status" className="mt-1.5 text-xs text-faint">
          {wanted.length > 0
            ? `${count} ${count === 1 ? "result" : "results"}`
            : `${count} sections`}
        </p>
        <Contents chapters={shown} />
      </div>
      <div className="flex min-w-0 flex-col gap-10">
        {shown.map((chapter) => (
          <section key={chapter.title} aria-labelledby={slug(chapter.title)}>
            <h2
              id={slug(chapter.title)}
              className="scroll-mt-16 text-lg font-semibold tracking-tight"
            >
              {chapter.title}
            </h2>
            <p className="text-sm text-pretty text-muted">{chapter.description}</p>
            {chapter.sections.map(({ id, label, prefix, content }) => (
              <article
                key={id}
                id={id}
                aria-label={prefix ? `${prefix} ${label}` : label}
                className="mt-5 scroll-mt-16 border-t border-line pt-4"
              >
                {content}
              </article>
            ))}
          </section>
        ))}
        {shown.length === 0 ? (
          <EmptyState icon={<Search />} title="No results">
            Try part of a path, such as “metrics”, or an action, such as “pause”.
          </EmptyState>
        ) : null}
      </div>
    </div>
  );
}

function Contents({ chapters }: { chapters: ReferenceChapter[] }) {
  return (
    <nav aria-label="Contents" className="mt-3 max-lg:hidden">
      {chapters.map(({ title, sections }) => (
        <div key={title} className="mb-3">
          <a
            href={`#${slug(title)}`}
            className="flex min-h-6 items-center text-xs font-medium text-faint hover:text-ink"
          >
            {title}
          </a>
          <ul>
            {sections.map(({ id, label, prefix }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  className="flex min-h-6 items-baseline gap-1.5 rounded-sm py-0.5 font-mono text-2xs text-muted hover:text-ink"
                >
                  {prefix ? <span className="w-10 shrink-0 text-faint">{prefix}</span> : null}
                  <span className="min-w-0 break-all">{label}</span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
