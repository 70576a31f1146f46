import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ansiSpans, ansiText } from "./ansi.ts";
import { visibleText } from "./visible-text.ts";

const esc = "\u001b";

describe("ANSI colours", () => {
  it("become spans", () => {
    const spans = ansiSpans(`${esc}[31mred${esc}[0m plain ${esc}[1;92mbold${esc}[0m`);
    expect(spans.map(({ text, foreground, bold }) => [text, foreground, bold])).toEqual([
      ["red", { name: "red" }, false],
      [" plain ", null, false],
      ["bold", { name: "green" }, true],
    ]);
  });

  it("of the 256-colour palette and true colour become red, green and blue", () => {
    expect(ansiSpans(`${esc}[38;5;196mx`)[0]?.foreground).toEqual({ rgb: "255, 0, 0" });
    expect(ansiSpans(`${esc}[38;5;232mx`)[0]?.foreground).toEqual({ rgb: "8, 8, 8" });
    expect(ansiSpans(`${esc}[38;2;1;2;3mx`)[0]?.foreground).toEqual({ rgb: "1, 2, 3" });
  });

  it("swap on reverse", () => {
    const [span] = ansiSpans(`${esc}[7;31mx`);
    expect([span?.foreground, span?.background]).toEqual([{ name: "black" }, { name: "red" }]);
  });
});

describe("hostile log lines", () => {
  it("keep markup as text", () => {
    expect(ansiText(`<img src=x onerror=alert(1)>${esc}[31m<b>`)).toBe(
      "<img src=x onerror=alert(1)><b>",
    );
  });

  it("lose terminal links, titles and cursor movement", () => {
    expect(ansiText(`${esc}]8;;https://evil.example${esc}\\click${esc}]8;;${esc}\\ me`)).toBe(
      "click me",
    );
    expect(ansiText(`${esc}]0;title\u0007text`)).toBe("text");
    expect(ansiText(`a${esc}[2K${esc}[1A${esc}[?25lb`)).toBe("ab");
    expect(ansiText(`a${esc}cb`)).toBe("ab");
  });

  it("show control characters and direction marks", () => {
    expect(ansiText("a\u0000b\u0007c\u202ed")).toBe("a␀b␇c⍰d");
    expect(visibleText("one\ntwo")).toBe("one␊two");
    expect(visibleText("one\ntwo", { lineBreaks: true })).toBe("one\ntwo");
  });

  it("show the last state of a progress bar", () => {
    expect(ansiText("10%\r20%\r30%")).toBe("30%");
    expect(ansiText("done\r")).toBe("done");
  });

  it("never let an escape or a control character through, whatever the line holds", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        esc,
        `${esc}[`,
        `${esc}]8;;`,
        `${esc}[31m`,
        `${esc}[38;2;`,
        "m",
        "\u0007",
        "\r",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        for (const character of ansiText(pieces.join(""))) {
          const code = character.codePointAt(0) ?? 0;
          expect(code === 9 || (code >= 0x20 && !(code >= 0x7f && code < 0xa0))).toBe(true);
        }
      }),
    );
  });

  it("of 256 KiB are parsed quickly", () => {
    const line = `${esc}]8;;`.repeat(1000) + `${esc}[31mx`.repeat(1000) + "y".repeat(250_000);
    const started = performance.now();
    ansiSpans(line);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
