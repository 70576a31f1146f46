import { useState } from "react";
import { toast } from "sonner";
import { describeError } from "@/lib/api/errors";
import { saveText, wholeLog } from "./whole-log";

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
    attempt(async () => saveText(`${jobId.replaceAll(":", "_")}.log`, await wholeLog(jobId)));
  return { busy, copy: () => void copy(), download: () => void download() };
}
