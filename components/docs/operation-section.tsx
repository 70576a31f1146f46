import type { ApiDocument, ApiOperation } from "@signalbox/protocol/service/openapi";
import type { ReactNode } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { Tag } from "@/components/ui/tag";
import { curlExample } from "./curl-example";
import { Fields, SchemaFields } from "./schema-fields";
import { typeWords } from "./type-words";

interface OperationSectionProps {
  path: string;
  method: string;
  operation: ApiOperation;
  document: ApiDocument;
}

/** One route: parameters, replies, errors and an example request. */
export function OperationSection({ path, method, operation, document }: OperationSectionProps) {
  const parameters = (operation.parameters ?? []).map((parameter) => ({
    name: parameter.name,
    required: parameter.required ?? false,
    type: typeWords(parameter.schema),
    description: [
      parameter.in === "header" ? "Header." : "",
      parameter.description ?? "",
      parameter.schema.default === undefined
        ? ""
        : `Default ${JSON.stringify(parameter.schema.default)}.`,
    ]
      .filter(Boolean)
      .join(" "),
    inner: [],
  }));
  const body = operation.requestBody?.content["application/json"];
  return (
    <>
      <h3 className="flex flex-wrap items-baseline gap-x-2 font-mono text-sm font-medium break-all">
        <span className="text-muted uppercase">{method}</span>
        <a href={`#${operation.operationId}`} className="hover:underline">
          {path}
        </a>
      </h3>
      <p className="mt-1 text-sm text-pretty">{operation.summary}.</p>
      {operation.description ? (
        <p className="mt-1 max-w-2xl text-sm text-pretty text-muted">{operation.description}</p>
      ) : null}
      <p className="mt-2 flex flex-wrap items-center gap-1.5 text-xs text-faint">
        {operation.security.length === 0 ? "Public" : "Scope"}
        {operation.security.length === 0 ? null : <Tag mono>{operation["x-scope"]}</Tag>}
        {operation.security.some((scheme) => "jobToken" in scheme)
          ? "or the run's job token"
          : null}
      </p>
      <div className="mt-3 grid gap-x-8 gap-y-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          {parameters.length > 0 ? (
            <Part title="Parameters">
              <Fields fields={parameters} />
            </Part>
          ) : null}
          {body ? (
            <Part title={operation.requestBody?.required ? "Body" : "Body (optional)"}>
              <SchemaFields schema={body.schema} />
            </Part>
          ) : null}
          <Replies operation={operation} document={document} />
        </div>
        <CodeBlock
          code={curlExample(path, method, operation)}
          title="curl"
          wrap
          className="self-start"
        />
      </div>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h4 className="mb-0.5 text-xs font-medium text-faint">{title}</h4>
      {children}
    </div>
  );
}

function Replies({ operation, document }: Pick<OperationSectionProps, "operation" | "document">) {
  const responses = Object.entries(operation.responses);
  return (
    <>
      {responses.map(([status, { content }]) => {
        const stream = content?.["text/event-stream"]?.["x-itemSchema"];
        const schema = stream ?? content?.["application/json"]?.schema;
        return schema ? (
          <Part key={status} title={stream ? `${status}, frames` : status}>
            <SchemaFields schema={schema} />
          </Part>
        ) : null;
      })}
      <Part title="Errors">
        <ul className="flex flex-wrap gap-1.5 pt-0.5">
          {responses.flatMap(([status, { $ref }]) => {
            const name = $ref?.split("/").at(-1) ?? "";
            const words = document.components.responses[name]?.description ?? "";
            const code = /`(\w+)`/.exec(words)?.[1];
            return code
              ? [
                  <li key={status}>
                    <a
                      href="#errors"
                      className="inline-flex h-6 items-center rounded-sm border border-line px-1.5 font-mono text-2xs text-muted hover:bg-hover"
                    >
                      {status} {code}
                    </a>
                  </li>,
                ]
              : [];
          })}
        </ul>
      </Part>
    </>
  );
}
