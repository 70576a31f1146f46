import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";

export type LogView = ReturnType<typeof useLogView>;

/** How the log is shown, kept in the URL. */
export function useLogView() {
  const [query, setQuery] = useQueryState("find", parseAsString.withDefault(""));
  const [wrap, setWrap] = useQueryState("wrap", parseAsBoolean.withDefault(true));
  const [timestamps, setTimestamps] = useQueryState("times", parseAsBoolean.withDefault(false));
  return {
    query,
    wrap,
    timestamps,
    setQuery: (next: string) => void setQuery(next),
    setWrap: (on: boolean) => void setWrap(on),
    setTimestamps: (on: boolean) => void setTimestamps(on),
  };
}
