import { getLogs } from "@/lib/api/logs";
import { ansiText } from "@/lib/format/ansi";

const atOnce = 5000;

/** The log as plain text, fetched page by page: all of it, or the last `lines` lines. */
export async function wholeLog(jobId: string, lines?: number): Promise<string> {
  const texts: string[] = [];
  if (lines !== undefined) {
    const page = await getLogs(jobId, {
      limit: Math.min(lines, atOnce),
      tail: Math.min(lines, atOnce),
    });
    texts.push(...page.logs.map((line) => ansiText(line.text)));
  } else {
    for (let offset = 0; ; ) {
      const page = await getLogs(jobId, { limit: atOnce, offset });
      for (const line of page.logs) texts.push(ansiText(line.text));
      offset += page.logs.length;
      if (page.logs.length === 0 || offset >= page.total_lines) break;
    }
  }
  return `${texts.join("\n")}\n`;
}
