import { CodeBlock } from "@/components/ui/code-block";

/** How the owner signs a browser in that is not recognized by itself. */
export function LinkHint() {
  return (
    <div className="flex flex-col gap-2 text-sm text-muted">
      <p>
        Is this your dashboard? Open the sign-in link that <code>npm start</code> printed, or make a
        new one on the machine where it runs:
      </p>
      <CodeBlock code="npx signalbox open" />
    </div>
  );
}
