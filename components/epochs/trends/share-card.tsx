"use client";

import { memo } from "react";
import { formatPercent } from "@/lib/format/number";
import { measureTitle } from "@/lib/predictions/scores/measure-value";
import {
  type SharePanel,
  type SharePoint,
  type ShareValue,
  topShare,
} from "@/lib/predictions/trends/text-shares";
import { EpochMarks } from "./epoch-marks";
import { EpochTable } from "./epoch-table";
import { shareLabel } from "./share-label";
import { SharePlot } from "./share-plot";
import { TrendCard } from "./trend-card";
import { seriesVariable } from "./trend-colours";

interface ShareCardProps {
  panel: SharePanel;
  epoch: number;
  compare: number | null;
  onEpoch: (epoch: number) => void;
}

/** The share of each text of a score at the selected epoch and over all epochs. */
export const ShareCard = memo(function ShareCard(props: ShareCardProps) {
  const { panel, epoch, compare, onEpoch } = props;
  const { id, values, points } = panel;
  const at = (wanted: number | null) => points.find((point) => point.epoch === wanted);
  return (
    <TrendCard
      id={id}
      reading={<Reading values={values} now={at(epoch)} before={at(compare)} />}
      chart={
        <div className="flex h-full flex-col">
          <div className="min-h-0 flex-1">
            <EpochMarks points={points} epoch={epoch} compare={compare} onEpoch={onEpoch}>
              <SharePlot panel={panel} />
            </EpochMarks>
          </div>
          <Legend values={values} />
        </div>
      }
      table={
        <EpochTable
          label={`${measureTitle(id)} by epoch`}
          columns={values.map(shareLabel)}
          rows={points.map((point) => ({
            epoch: point.epoch,
            cells: point.shares.map((share) => formatPercent(share, 1)),
          }))}
          epoch={epoch}
          onEpoch={onEpoch}
        />
      }
    />
  );
});

interface ReadingProps {
  values: readonly ShareValue[];
  now: SharePoint | undefined;
  before: SharePoint | undefined;
}

/** The most frequent text and its share, beside its share at the compared epoch. */
function Reading({ values, now, before }: ReadingProps) {
  const top = now ? topShare(now) : null;
  const value = top === null ? undefined : values[top];
  const share = top === null ? undefined : now?.shares[top];
  const then = top === null ? undefined : before?.shares[top];
  if (value === undefined || share === undefined) {
    return <span className="font-mono text-lg leading-6 font-medium">–</span>;
  }
  return (
    <>
      <span className="font-mono text-lg leading-6 font-medium tracking-tight">
        {formatPercent(share, 1)}
      </span>
      <span className="truncate text-xs">
        {shareLabel(value)}{" "}
        {then === undefined || !before ? null : (
          <span className="text-faint">
            {share < then ? "−" : "+"}
            {(Math.abs(share - then) * 100).toFixed(1)} pts since epoch {before.epoch}
          </span>
        )}
      </span>
    </>
  );
}

function Legend({ values }: { values: readonly ShareValue[] }) {
  return (
    <ul
      aria-label="Legend"
      className="flex h-5 shrink-0 gap-x-2.5 overflow-x-auto px-3 text-2xs whitespace-nowrap text-muted"
    >
      {values.map((value) => (
        <li key={value.text} className="flex items-center gap-1">
          <i
            aria-hidden
            className="size-2 rounded-xs"
            style={{ background: seriesVariable(value.colour) }}
          />
          <bdi>{shareLabel(value)}</bdi>
        </li>
      ))}
    </ul>
  );
}
