"use client";

import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import type { ScoreInfo } from "@signalbox/protocol/data/score";
import type { ConditionOp } from "@signalbox/protocol/wire/condition";
import { ownValue } from "@signalbox/protocol/wire/json";
import { ListFilter } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ConditionTags } from "@/components/ui/condition-tags";
import { Input } from "@/components/ui/inputs/input";
import { Select } from "@/components/ui/inputs/select";
import { Popover } from "@/components/ui/overlays/popover";
import { conditionOps } from "@/lib/format/condition-text";
import { measureTitle } from "@/lib/predictions/scores/measure-value";
import {
  chooseText,
  chosenText,
  describeCondition,
  scoreCondition,
} from "@/lib/predictions/scores/score-conditions";
import { shareLabel } from "../trends/share-label";
import { TextChips } from "./text-chips";

interface ScoreFilterProps {
  scores: readonly ScoreInfo[];
  /** The selected epoch's counts, shown beside the texts. */
  trend: PredictionTrend | undefined;
  where: readonly string[];
  onChange: (where: string[]) => void;
}

/** Filters by the values of scores; all conditions must hold. */
export function ScoreFilter({ scores, trend, where, onChange }: ScoreFilterProps) {
  if (scores.length === 0 && where.length === 0) return null;
  const texts = scores.filter(({ kind }) => kind === "text");
  const words = where.map(describeCondition);
  return (
    <Popover
      title="Filter by score"
      className="w-80"
      trigger={
        <Button
          size="sm"
          aria-label={words.length > 0 ? `Scores: ${words.join(", ")}` : "Scores"}
          className={cn(
            "max-w-44 font-normal",
            words.length > 0 ? "border-accent-ink/50 bg-accent-soft" : "text-muted",
          )}
        >
          <ListFilter aria-hidden />
          <span className="truncate">
            {words.length === 1 ? words[0] : words.length > 1 ? `${words.length} scores` : "Scores"}
          </span>
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <ConditionTags conditions={where} describe={describeCondition} onChange={onChange} />
        {texts.map((score) => {
          const summary = trend && ownValue(trend.scores, score.name);
          const counts = summary && "counts" in summary ? summary.counts : {};
          return (
            <TextChips
              key={score.name}
              label={measureTitle(`scores.${score.name}`)}
              texts={score.categories.map((text) => ({
                text,
                label: shareLabel({ text }),
                count: counts[text] ?? 0,
              }))}
              value={chosenText(where, score.name)}
              onValueChange={(text) => onChange(chooseText(where, score, text))}
            />
          );
        })}
        <ConditionForm
          scores={scores}
          onAdd={(condition) => onChange([...new Set([...where, condition])])}
        />
      </div>
    </Popover>
  );
}

interface ConditionFormProps {
  scores: readonly ScoreInfo[];
  onAdd: (condition: string) => void;
}

/** A condition on any score. */
function ConditionForm({ scores, onAdd }: ConditionFormProps) {
  const [name, setName] = useState(scores[0]?.name ?? "");
  const [op, setOp] = useState<ConditionOp>("<");
  const [text, setText] = useState("");
  const kind = scores.find((score) => score.name === name)?.kind;
  const ops = kind === "text" ? conditionOps.slice(0, 2) : conditionOps;
  const usable = ops.some(({ value }) => value === op) ? op : ":";
  const isValid =
    name !== "" && text.trim() !== "" && (kind === "text" || Number.isFinite(Number(text)));
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!isValid) return;
    onAdd(scoreCondition(name, usable, text.trim()));
    setText("");
  };
  return (
    <form onSubmit={add} className="flex flex-col gap-2">
      <div className="flex gap-2">
        <Select
          label="Score"
          className="h-8 min-w-0 flex-1"
          value={name}
          onValueChange={setName}
          options={scores.map(({ name: value }) => ({
            value,
            label: measureTitle(`scores.${value}`),
          }))}
        />
        <Select
          label="Comparison"
          className="h-8 w-24"
          value={usable}
          onValueChange={setOp}
          options={ops}
        />
      </div>
      <div className="flex gap-2">
        <Input
          aria-label="Value"
          placeholder="Value"
          value={text}
          onValueChange={setText}
          className="min-w-0 flex-1"
        />
        <Button type="submit" disabled={!isValid}>
          Add
        </Button>
      </div>
    </form>
  );
}
