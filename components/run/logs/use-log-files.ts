import { useState } from "react";
import { toast } from "sonner";
import { saveFile } from "@/components/ui/save-file";
import { describeError } from "@/lib/api/errors";
import { wholeLog } from "./whole-log";

/** The most lines that are copied. */
const copiedLines = 5000;

/** Copies or downloads the log. */
export function useLogFiles(jobId: string, totalLines: number) {
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toast.error("Could not read the log", { description: describeError(error).message });
    } finally {
      setBusy(false);
    }
  };
  const copy = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(await wholeLog(jobId, copiedLines));
      toast.success(totalLines > copiedLines ? "Copied the last 5,000 lines" : "Copied the log");
    });
  const download = () =>
    attempt(async () => {
      const log = new Blob([await wholeLog(jobId)], { type: "text/plain;charset=utf-8" });
      saveFile(`${jobId.replaceAll(":", "_")}.log`, log);
    });
  return { busy, copy: () => void copy(), download: () => void download() };
}
