import type { ApiDocument } from "@signalbox/protocol/service/openapi";
import { OperationSection } from "./operation-section";
import type { ReferenceChapter } from "./reference-view";
import { SchemaFields } from "./schema-fields";

/** The chapters of the API reference, with the text that each section is searched by. */
export function referenceChapters(document: ApiDocument): ReferenceChapter[] {
  return [...routeChapters(document), errorsChapter(document), schemasChapter(document)];
}

function routeChapters(document: ApiDocument): ReferenceChapter[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  // Routes without a run id come first.
  all.sort((a, b) => placesIn(a.path) - placesIn(b.path) || a.path.localeCompare(b.path));
  return document.tags.map((tag) => ({
    title: tag.name,
    description: tag.description,
    sections: all
      .filter(({ operation }) => operation.tags.includes(tag.name))
      .map(({ path, method, operation }) => ({
        id: operation.operationId,
        label: path.replace(/^\/api/, ""),
        prefix: method.toUpperCase(),
        text: [
          method,
          path,
          tag.name,
          operation.summary,
          operation.description,
          operation["x-scope"],
          ...(operation.parameters ?? []).map(({ name }) => name),
        ].join(" "),
        content: (
          <OperationSection path={path} method={method} operation={operation} document={document} />
        ),
      })),
  }));
}

const placesIn = (path: string) => path.split("{").length;

function errorsChapter({ components }: ApiDocument): ReferenceChapter {
  const responses = Object.values(components.responses).map(({ description = "" }) => {
    const [, code = "", words = ""] = /^`(\w+)`: (.*)$/s.exec(description) ?? [];
    return { code, words };
  });
  return {
    title: "Errors",
    description: "The error codes of all routes, with their HTTP status.",
    sections: [
      {
        id: "errors",
        label: "Error codes",
        text: `error code ${responses.map(({ code }) => code).join(" ")}`,
        content: (
          <>
            <h3 className="mb-2 text-sm font-medium">Error codes</h3>
            <dl className="flex flex-col">
              {responses.map(({ code, words }) => (
                <div key={code} className="border-b border-line py-1.5 last:border-0">
                  <dt>
                    <code className="text-xs font-medium">{code}</code>
                  </dt>
                  <dd className="text-xs text-pretty text-muted">{words}</dd>
                </div>
              ))}
            </dl>
          </>
        ),
      },
    ],
  };
}

function schemasChapter({ components }: ApiDocument): ReferenceChapter {
  return {
    title: "Schemas",
    description: "Objects that several responses share.",
    sections: Object.entries(components.schemas).map(([name, schema]) => ({
      id: `schema-${name}`,
      label: name,
      text: `schema ${name} ${Object.keys(schema.properties ?? {}).join(" ")}`,
      content: (
        <>
          <h3 className="mb-1 font-mono text-sm font-medium">{name}</h3>
          <SchemaFields schema={schema} />
        </>
      ),
    })),
  };
}
