import { visibleText } from "@/lib/format/visible-text";
import type { ShareValue } from "@/lib/predictions/trends/text-shares";

/** A text of a score in a legend. */
export function shareLabel({ text }: Pick<ShareValue, "text">): string {
  return text === null ? "other" : text === "" ? "(empty)" : visibleText(text);
}
