import type { ReactNode } from "react";
import { DiskNotice } from "@/components/shell/disk-notice";
import { TopBar } from "@/components/shell/top-bar";

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <TopBar />
      <DiskNotice />
      <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-hidden">
        {children}
      </main>
    </>
  );
}
