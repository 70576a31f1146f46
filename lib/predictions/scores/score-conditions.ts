import {
  isMeasureField,
  parsePredictionWhere,
  type ScoreInfo,
} from "@signalbox/protocol/data/score";
import { type ConditionOp, formatCondition } from "@signalbox/protocol/wire/condition";
import { conditionText } from "../../format/condition-text.ts";
import { visibleText } from "../../format/visible-text.ts";
import { measureTitle } from "./measure-value.ts";

export function scoreCondition(name: string, op: ConditionOp, text: string): string {
  return formatCondition(`scores.${name}`, op, text);
}

/** A condition in words: “reward < 0.5”. */
export function describeCondition(condition: string): string {
  const where = parsePredictionWhere(condition);
  if (!where) return condition;
  const field = where.source === "score" ? `scores.${where.name}` : where.name;
  const title = isMeasureField(field) ? measureTitle(field) : field;
  return conditionText(title, { op: where.op, text: visibleText(where.text) });
}

/** The text that a score is filtered to; null where it is not. */
export function chosenText(where: readonly string[], name: string): string | null {
  for (const condition of where) {
    const parsed = parsePredictionWhere(condition);
    if (parsed?.source === "score" && parsed.name === name && parsed.op === ":") return parsed.text;
  }
  return null;
}

/** Filters a score to one text, or to all with null; its other conditions stay. */
export function chooseText(
  where: readonly string[],
  { name }: Pick<ScoreInfo, "name">,
  text: string | null,
): string[] {
  const others = where.filter((condition) => {
    const parsed = parsePredictionWhere(condition);
    return parsed?.source !== "score" || parsed.name !== name || parsed.op !== ":";
  });
  return text === null ? others : [...others, scoreCondition(name, ":", text)];
}
