import { Search, X } from "lucide-react";
import { useRef } from "react";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { useHotkeys } from "@/lib/hooks/use-hotkeys";

interface PanelSearchProps {
  query: string;
  onChange: (query: string) => void;
}

/** Panels by words or by a regular expression; `/` goes there. */
export function PanelSearch({ query, onChange }: PanelSearchProps) {
  const search = useRef<HTMLInputElement>(null);
  useHotkeys({ "/": () => search.current?.focus() });
  return (
    <div className="relative w-full sm:w-64">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
      />
      <Input
        ref={search}
        type="search"
        aria-label="Search panels"
        placeholder="Search panels, or regex"
        value={query}
        onValueChange={(value) => onChange(value)}
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {query ? (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => onChange("")}
          className="absolute top-1/2 right-1.5 flex size-5 -translate-y-1/2 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      ) : (
        <Kbd className="absolute top-1/2 right-2 -translate-y-1/2 pointer-coarse:hidden">/</Kbd>
      )}
    </div>
  );
}
