/** The name of a field that an error is about, from the forms that validators use. */
function place(error: object): string {
  for (const key of ["path", "loc", "instancePath", "field"]) {
    const value = key in error ? Object.entries(error).find(([name]) => name === key)?.[1] : null;
    const text = Array.isArray(value) ? value.join(".") : typeof value === "string" ? value : "";
    if (text !== "") return `${text}: `;
  }
  return "";
}

function describe(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null) return JSON.stringify(error);
  for (const key of ["message", "msg", "error"]) {
    const text = Object.entries(error).find(([name]) => name === key)?.[1];
    if (typeof text === "string") return place(error) + text;
  }
  return JSON.stringify(error);
}

/**
 * Validation errors as lines of text: a text, a list, or a record of fields, with entries as
 * pydantic (`loc`, `msg`), zod (`path`, `message`) and JSON Schema write them; anything else as JSON.
 */
export function validationErrorLines(errors: unknown): string[] {
  if (errors === null || errors === undefined || errors === "") return [];
  if (Array.isArray(errors)) return errors.map(describe);
  if (typeof errors !== "object") return [describe(errors)];
  if (["message", "msg", "error"].some((key) => key in errors)) return [describe(errors)];
  return Object.entries(errors).flatMap(([field, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => `${field}: ${describe(each)}`),
  );
}
