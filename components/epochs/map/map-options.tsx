"use client";

import { isScoreField, type ScoreField } from "@signalbox/protocol/data/score";
import { Select } from "@/components/ui/inputs/select";
import type { MapOrder } from "@/lib/predictions/map/learning-map";
import { rowHeights } from "@/lib/predictions/map/map-picture";
import type { EpochMeasures } from "@/lib/predictions/scores/epoch-measures";
import { measureTitle } from "@/lib/predictions/scores/measure-value";
import { Segmented } from "../segmented";
import type { EpochParams, MapColour } from "../use-epoch-params";

const orderLabels: Record<Exclude<MapOrder, "score">, string> = {
  index: "Sample order",
  learned: "Learned first",
  forgotten: "Most forgotten",
  error: "Highest final error",
};

/** What the map is coloured by: as asked where the run has it, else what it has. */
export function chooseColour(asked: MapColour | null, measures: EpochMeasures): MapColour {
  const fields = measures.scores.map(({ name }): ScoreField => `scores.${name}`);
  const usual = measures.scored ? "error" : (fields[0] ?? "error");
  if (asked === null) return usual;
  // Correctness says nothing about a run that has scores alone.
  const isUsable = isScoreField(asked) ? fields.includes(asked) : !isScoreField(usual);
  return isUsable ? asked : usual;
}

/** The order of the rows: by a score while it colours the map, by learning where that is known. */
export function chooseOrder(asked: MapOrder, colour: MapColour, scored: boolean): MapOrder {
  const isUsable = asked === "index" || (asked === "score" ? isScoreField(colour) : scored);
  return isUsable ? asked : "index";
}

interface MapOptionsProps {
  epochs: EpochParams;
  measures: EpochMeasures;
  colour: MapColour;
  order: MapOrder;
}

/** Colours, order and row height of the map. */
export function MapOptions({ epochs, measures, colour, order }: MapOptionsProps) {
  const { params, set } = epochs;
  const { scores, scored } = measures;
  const isText = scores.some(({ name, kind }) => kind === "text" && colour === `scores.${name}`);
  const colours: { value: MapColour; label: string }[] = [
    ...(scored || scores.length === 0
      ? ([
          { value: "error", label: "Error rate" },
          { value: "verdict", label: "Correctness" },
        ] as const)
      : []),
    ...scores.map(({ name }) => ({
      value: `scores.${name}` as const,
      label: measureTitle(`scores.${name}`),
    })),
  ];
  const orders: { value: MapOrder; label: string }[] = [
    ...mapOrderChoices(scored),
    ...(isScoreField(colour)
      ? [
          {
            value: "score" as const,
            label: `${isText ? "By" : "Worst"} final ${measureTitle(colour)}`,
          },
        ]
      : []),
  ];
  const small = "h-7 w-auto max-w-44 text-xs pointer-coarse:h-9";
  const setColour = (next: MapColour) => void set({ colour: next });
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {scores.length === 0 ? (
        <Segmented label="Colour by" value={colour} onValueChange={setColour} options={colours} />
      ) : (
        <>
          <span aria-hidden className="text-xs text-muted">
            Colour by
          </span>
          <Select
            label="Colour by"
            className={small}
            value={colour}
            onValueChange={setColour}
            options={colours}
          />
        </>
      )}
      <Select
        label="Map order"
        className={small}
        value={order}
        onValueChange={(value) => void set({ order: value })}
        options={orders}
      />
      <Select
        label="Row height"
        className={small}
        value={params.row}
        onValueChange={(row) => void set({ row })}
        options={[
          { value: "fit", label: "Fit all" },
          ...rowHeights.map((height) => ({ value: String(height), label: `${height} px` })),
        ]}
      />
    </div>
  );
}

/** The orders that need no score; those by learning need a ground truth. */
function mapOrderChoices(scored: boolean): { value: MapOrder; label: string }[] {
  const orders = scored
    ? (["index", "learned", "forgotten", "error"] as const)
    : (["index"] as const);
  return orders.map((value) => ({ value, label: orderLabels[value] }));
}
