export interface BenchOptions {
  runs: number;
  /** One short run of each: to see that it works, not for figures. */
  quick: boolean;
  viewers: number[];
  /** Content codings that the viewers accept. */
  encodings: string[];
  postgres: boolean;
  /** A folder for processor profiles. */
  profile: string | undefined;
}
