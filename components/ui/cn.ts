import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: { classGroups: { "font-size": [{ text: ["2xs", "xs", "sm", "base", "lg", "xl"] }] } },
});

/** Joins class names; the later of two conflicting ones wins. */
export function cn(...inputs: ClassValue[]): string {
  return merge(clsx(inputs));
}
