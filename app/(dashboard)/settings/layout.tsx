import type { ReactNode } from "react";
import { SettingsNav } from "@/components/settings/settings-nav";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-x-10 gap-y-4 grid-cols-[minmax(0,1fr)] px-4 py-6 sm:px-6 md:grid-cols-[10rem_minmax(0,1fr)] md:py-10">
      <SettingsNav />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
