"use client";

import { CodeBlock } from "@/components/ui/code-block";
import { useOrigin } from "@/lib/hooks/page/use-origin";

/** The environment variables that the examples use. */
export function CredentialsSnippet() {
  const code = `export SIGNALBOX_URL=${useOrigin()}
export SIGNALBOX_API_KEY=sbx_…   # from Settings or .signalbox/credentials.json`;
  return <CodeBlock title="Set up the examples" code={code} wrap />;
}
