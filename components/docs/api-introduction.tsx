import type { ApiDocument } from "@signalbox/protocol/service/openapi";
import { CredentialsSnippet } from "./credentials-snippet";

/** Renders `code` spans of a text. */
function Prose({ text }: { text: string }) {
  return text.split("`").map((part, i) =>
    i % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      <code key={i} className="text-xs break-words text-ink">
        {part}
      </code>
    ) : (
      part
    ),
  );
}

/** What applies to every route: credentials, errors, limits. */
export function ApiIntroduction({ document }: { document: ApiDocument }) {
  return (
    <header className="grid gap-x-10 gap-y-4 lg:grid-cols-2">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight">API reference</h1>
        {document.info.description.split("\n\n").map((paragraph) => (
          <p key={paragraph} className="mt-2 max-w-2xl text-sm text-pretty text-muted">
            <Prose text={paragraph} />
          </p>
        ))}
        <p className="mt-2 text-sm text-muted">
          For programs:{" "}
          <a href="/api/openapi.json" className="text-accent-ink underline underline-offset-2">
            /api/openapi.json
          </a>{" "}
          (OpenAPI 3.1), generated from the routes' own schemas.
        </p>
      </div>
      <div className="min-w-0">
        <CredentialsSnippet />
        <dl className="mt-3">
          {Object.entries(document.components.securitySchemes).map(([name, scheme]) => (
            <div key={name} className="border-b border-line py-1.5 last:border-0">
              <dt>
                <code className="text-xs font-medium">{name}</code>
              </dt>
              <dd className="text-xs text-pretty text-muted">{scheme.description}</dd>
            </div>
          ))}
        </dl>
      </div>
    </header>
  );
}
