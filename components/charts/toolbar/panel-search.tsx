import { SearchInput } from "@/components/ui/inputs/search-input";

interface PanelSearchProps {
  query: string;
  onChange: (query: string) => void;
}

/** Searches panels by words or by a regular expression. */
export function PanelSearch({ query, onChange }: PanelSearchProps) {
  return (
    <SearchInput
      label="Search panels"
      placeholder="Search panels, or regex"
      value={query}
      onChange={onChange}
      className="w-full sm:w-64"
    />
  );
}
