import type { JsonSchema } from "@signalbox/protocol/openapi";
import { fieldsOf, type SchemaField, type TypePart, typeWords } from "./type-words";

/** A type in words; a shape that has a name links to it. */
function TypeWords({ parts }: { parts: readonly TypePart[] }) {
  return (
    <code className="text-xs break-words text-muted">
      {parts.map((part, i) =>
        part.ref ? (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a type never move
            key={i}
            href={`#shape-${part.ref}`}
            className="text-accent-ink underline underline-offset-2"
          >
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </code>
  );
}

/** What a schema holds, field by field; its type alone where it has no fields. */
export function SchemaFields({ schema }: { schema: JsonSchema }) {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return <TypeWords parts={typeWords(schema)} />;
  return <Fields fields={fields} />;
}

/** Named fields with their types, those within indented. */
export function Fields({ fields }: { fields: readonly SchemaField[] }) {
  return (
    <dl className="flex flex-col">
      {fields.map((field) => (
        <div key={field.name} className="border-b border-line py-1.5 last:border-0">
          <dt className="flex flex-wrap items-baseline gap-x-2">
            <code className="text-xs font-medium break-all text-ink">{field.name}</code>
            <TypeWords parts={field.type} />
            {field.required ? null : <span className="text-2xs text-faint">optional</span>}
          </dt>
          {field.words || field.inner.length > 0 ? (
            <dd>
              {field.words ? <p className="text-xs text-pretty text-muted">{field.words}</p> : null}
              {field.inner.length > 0 ? (
                <div className="mt-1 border-l border-line pl-3">
                  <Fields fields={field.inner} />
                </div>
              ) : null}
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
}
