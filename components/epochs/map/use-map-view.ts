import type { Better } from "@signalbox/protocol/data/score";
import { useMemo } from "react";
import { type MapData, useScoreMap } from "@/lib/hooks/predictions/use-prediction-map";
import { type LearningMap, type MapOrder, orderSamples } from "@/lib/predictions/map/learning-map";
import type { MapScale } from "@/lib/predictions/map/map-colours";
import {
  orderByScore,
  type ScoreMap,
  scoreCells,
  scoreScale,
} from "@/lib/predictions/map/score-map";
import { scoreName } from "@/lib/predictions/scores/measure-value";
import type { MapColour } from "../use-epoch-params";

/** The map as it is drawn: its cells, what they mean and the order of its rows. */
export interface MapView {
  data: MapData;
  /** The score that colours the map; null for correctness and error rate. */
  score: ScoreMap | null;
  cells: LearningMap;
  scale: MapScale;
  order: Uint32Array;
}

interface MapLook {
  colour: MapColour;
  order: MapOrder;
  better: Better;
}

/** The map in the chosen colours and order; null while the score's values are loading. */
export function useMapView(jobId: string, data: MapData, look: MapLook) {
  const { colour, order, better } = look;
  const wanted = colour === "verdict" || colour === "error" ? null : scoreName(colour);
  const loaded = useScoreMap(jobId, wanted);
  const score = wanted === null ? null : (loaded.data ?? null);
  const { map, learning } = data;
  const cells = useMemo(() => (score ? scoreCells(map, score) : map), [map, score]);
  const scale = useMemo<MapScale>(() => {
    if (score) return scoreScale(score, better);
    return { kind: colour === "verdict" ? "verdict" : "error" };
  }, [score, colour, better]);
  const ordered = useMemo(() => {
    if (order !== "score") return orderSamples(learning, order);
    return score ? orderByScore(map, score, better) : orderSamples(learning, "index");
  }, [order, learning, map, score, better]);
  const view = useMemo<MapView>(
    () => ({ data, score, cells, scale, order: ordered }),
    [data, score, cells, scale, ordered],
  );
  return {
    view: wanted !== null && !score ? null : view,
    error: wanted === null ? null : loaded.error,
    retry: () => void loaded.refetch(),
  };
}
