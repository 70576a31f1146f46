import type { ReactNode } from "react";
import { Mark } from "@/components/shell/mark";
import { ThemeMenu } from "@/components/shell/theme-menu";

/** The frame of the pages for signing in: the name, a title and a narrow column. */
export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className="flex flex-1 flex-col">
      <div className="flex justify-end p-3">
        <ThemeMenu />
      </div>
      <div className="mx-auto flex w-full max-w-80 flex-1 flex-col justify-center gap-6 px-4 pb-[18dvh]">
        <header className="flex flex-col gap-4">
          <span className="flex items-center gap-2 text-base font-semibold tracking-tight">
            <Mark className="size-6" />
            Signalbox
          </span>
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        </header>
        {children}
      </div>
    </main>
  );
}
