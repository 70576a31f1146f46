"use client";

import Link from "next/link";
import { Kbd } from "@/components/ui/kbd";
import { Dialog } from "@/components/ui/overlays/dialog";
import { useModKey } from "@/lib/hooks/page/use-mod-key";

const groups = [
  {
    title: "Everywhere",
    keys: [
      [["mod", "K"], "Search runs, pages and actions"],
      [["n"], "New run"],
      [["?"], "Keyboard shortcuts"],
    ],
  },
  {
    title: "Runs",
    keys: [
      [["/"], "Search"],
      [["j"], "Next run"],
      [["k"], "Previous run"],
      [["↵"], "Open run"],
      [["x"], "Select run"],
      [["c"], "Compare selected runs"],
      [["⇧", "→"], "Move the focused column"],
      [["Esc"], "Clear selection"],
    ],
  },
  {
    title: "Compare",
    keys: [
      [["/"], "Search panels"],
      [["Esc"], "Show all steps"],
    ],
  },
  {
    title: "Run",
    keys: [
      [["p"], "Pause"],
      [["r"], "Resume"],
      [["/"], "Search this tab"],
    ],
  },
  {
    title: "Epochs",
    keys: [
      [["←"], "Previous epoch"],
      [["→"], "Next epoch"],
      [["⇧", "→"], "Move the comparison epoch"],
      [["j"], "Next sample"],
      [["k"], "Previous sample"],
    ],
  },
] as const;

interface HelpSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** All keyboard shortcuts. */
export function HelpSheet({ open, onOpenChange }: HelpSheetProps) {
  const mod = useModKey();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" size="sm">
      <div className="flex flex-col gap-5">
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h3 className="mb-1 text-xs font-medium text-faint">{group.title}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div
                  key={what}
                  className="flex h-8 items-center justify-between border-b border-line last:border-0"
                >
                  <dt className="text-sm">{what}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key === "mod" ? mod : key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="text-xs text-muted">
          For programmatic access, see the{" "}
          <Link
            href="/docs/api"
            onClick={() => onOpenChange(false)}
            className="text-accent-ink underline underline-offset-2"
          >
            API reference
          </Link>
        </p>
      </div>
    </Dialog>
  );
}
