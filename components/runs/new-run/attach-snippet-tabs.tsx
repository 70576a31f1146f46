"use client";

import Link from "next/link";
import { useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import { useOrigin } from "@/lib/hooks/page/use-origin";
import { attachSnippets } from "./attach-snippet";

const tabs = [
  { value: "python", label: "Python" },
  { value: "huggingFace", label: "Hugging Face" },
  { value: "curl", label: "curl" },
] as const;

/** How to report from a training script. `here` omits the link to the API keys page. */
export function AttachSnippetTabs({ here = false }: { here?: boolean }) {
  const [tab, setTab] = useState<(typeof tabs)[number]["value"]>("python");
  const snippets = attachSnippets(useOrigin());
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Tabs value={tab} onValueChange={setTab} tabs={tabs} label="Snippet language">
        {tabs.map(({ value }) => (
          <TabPanel key={value} value={value} className="flex flex-col gap-3 pt-3">
            {snippets[value].map(({ title, code }) => (
              <CodeBlock key={title} title={title} code={code} />
            ))}
          </TabPanel>
        ))}
      </Tabs>
      {here ? null : (
        <p className="text-xs text-muted">
          Needs a key with the scope <code className="text-ink">ingest</code>:{" "}
          <Link href="/settings/api-keys" className="text-accent-ink underline underline-offset-2">
            API keys
          </Link>
        </p>
      )}
    </div>
  );
}
