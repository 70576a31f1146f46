export const jobKinds = ["sft", "rl", "other"] as const;
export type JobKind = (typeof jobKinds)[number];
