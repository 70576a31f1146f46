import type { JsonSchema } from "@signalbox/protocol/service/openapi";
import { fieldsOf, type SchemaField, type TypePart, typeWords } from "./type-words";

/** A type in words; a named schema is a link. */
function TypeWords({ parts }: { parts: readonly TypePart[] }) {
  return (
    <code className="text-xs break-words text-muted">
      {parts.map((part, i) =>
        part.ref ? (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a type never move
            key={i}
            href={`#schema-${part.ref}`}
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

/** The fields of a schema; only its type where it has no fields. */
export function SchemaFields({ schema }: { schema: JsonSchema }) {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return <TypeWords parts={typeWords(schema)} />;
  return <Fields fields={fields} />;
}

/** Fields with their types; nested fields are indented. */
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
          {field.description || field.inner.length > 0 ? (
            <dd>
              {field.description ? (
                <p className="text-xs text-pretty text-muted">{field.description}</p>
              ) : null}
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
