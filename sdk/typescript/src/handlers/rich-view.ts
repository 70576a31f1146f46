import { Box, render, Text, useWindowSize } from "ink";
import { createElement as h, type ReactNode } from "react";
import { figure, plainText } from "./plain-text.ts";
import { progressBar, type RichState, shownSeries, sparkline } from "./rich-state.ts";

const statusColours: Record<string, string> = {
  running: "cyan",
  succeeded: "green",
  failed: "red",
  cancelled: "yellow",
  paused: "yellow",
};
const mostSeries = 10;
const mostLines = 8;
/** Rows besides series and lines. */
const fixedRows = 5;

/** The display of a run in a terminal. */
function RichView({ state, colour }: { state: RichState; colour: boolean }): ReactNode {
  const { columns, rows } = useWindowSize();
  const width = Math.max(40, Math.min(columns, 120));
  // A display taller than the terminal could not be redrawn in place.
  const room = Math.max(2, rows - fixedRows);
  const lines = Math.min(mostLines, Math.floor(room / 2));
  const shade = statusColours[state.status];
  const series = shownSeries(state, Math.min(mostSeries, room - lines));
  return h(
    Box,
    { flexDirection: "column", width },
    h(
      Box,
      { gap: 2 },
      h(Text, { bold: true, wrap: "truncate" }, state.name),
      h(Text, colour && shade ? { color: shade } : {}, state.status),
      h(Text, { dimColor: colour }, placeText(state)),
    ),
    state.totalSteps ? h(Text, {}, progressText(state, state.totalSteps, width)) : null,
    ...series.map(({ name, value, step }) =>
      h(
        Text,
        { key: name, wrap: "truncate" },
        `${plainText(name).padEnd(28)} ${figure(value).padStart(12)}${step === null ? "" : `  step ${step}`}`,
      ),
    ),
    state.lossName
      ? h(
          Text,
          { wrap: "truncate" },
          `${plainText(state.lossName)} ${sparkline(state.loss, width - state.lossName.length - 2)}`,
        )
      : null,
    ...state.lines.slice(-lines).map(({ text }, index) =>
      // Lines have no identity besides their position.
      h(Text, { key: `line ${index}`, dimColor: colour, wrap: "truncate" }, text),
    ),
  );
}

function placeText({ step, totalSteps, epoch, totalEpochs }: RichState): string {
  const of = (total: number | null) => (total === null ? "" : ` / ${total}`);
  return [
    step === null ? null : `step ${step}${of(totalSteps)}`,
    epoch === null ? null : `epoch ${figure(epoch)}${of(totalEpochs)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function progressText({ step, status }: RichState, total: number, width: number): string {
  const share = status === "succeeded" ? 1 : (step ?? 0) / total;
  const percent = `${Math.floor(Math.min(1, share) * 100)}%`.padStart(4);
  return `${progressBar(share, Math.min(60, width - 8))} ${percent}`;
}

export interface Screen {
  show(state: RichState): void;
  /** Keeps the last display on the screen and releases the terminal. */
  close(): Promise<void>;
}

/** Mounts the display on a terminal. */
export function mountScreen(output: NodeJS.WriteStream, state: RichState, colour: boolean): Screen {
  const app = render(h(RichView, { state, colour }), {
    stdout: output,
    // Keys, Ctrl-C among them, are left to the program.
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return {
    show: (next) => app.rerender(h(RichView, { state: next, colour })),
    close: async () => {
      app.unmount();
      await app.waitUntilExit();
    },
  };
}
