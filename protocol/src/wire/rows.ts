import { z } from "zod";

/** An answer needs no more examples of what is wrong. */
const maxIssues = 20;

/** How long rows are checked before others have their turn, where the check is asynchronous. */
const stepMs = 10;

/** Mark an issue as one of size, which is answered with 413. */
export const tooManyRows = "too_many_rows";
export const fieldTooLarge = "field_too_large";

interface RowsOptions {
  max: number;
  /** What a row is, in the plural. */
  of: string;
}

type RowsDef = z.core.$ZodArrayDef & { rows: RowsOptions };

/**
 * A list that counts before it validates and stops at the first errors. zod's own collects an issue
 * for every wrong field of a body, which takes seconds for millions of them. Parsed asynchronously, it
 * takes short steps.
 */
const RowsType = z.core.$constructor("SignalboxRows", (inst: z.ZodArray, def: RowsDef) => {
  z.ZodArray.init(inst, def);
  const element = def.element as z.core.$ZodType;
  inst._zod.parse = (payload, context) => {
    const input: unknown = payload.value;
    if (!Array.isArray(input)) {
      payload.issues.push({ expected: "array", code: "invalid_type", input, inst });
      return payload;
    }
    const { max, of } = def.rows;
    if (input.length > max) {
      const message = `A batch can have at most ${max.toLocaleString("en")} ${of}.`;
      payload.issues.push({
        code: "custom",
        params: { reason: tooManyRows },
        message,
        input,
        inst,
      });
      return payload;
    }
    const rows: unknown[] = [];
    // Rows are checked at once, whatever the list is: the fast path of zod is a synchronous one.
    const atOnce = { ...context, async: false };
    /** Checks rows from one on, for a while; where to go on, or the end. */
    const check = (from: number, until: number): number => {
      for (let index = from; index < input.length; index += 1) {
        if (performance.now() > until) return index;
        const row = element._zod.run({ value: input[index], issues: [] }, atOnce);
        if (row instanceof Promise) throw new z.core.$ZodAsyncError();
        if (row.issues.length > 0) {
          const first = row.issues.slice(0, maxIssues);
          payload.issues.push(...z.core.util.prefixIssues(index, first));
          if (payload.issues.length >= maxIssues) break;
        }
        rows.push(row.value);
      }
      payload.value = rows;
      return input.length;
    };
    if (!context.async) {
      check(0, Number.POSITIVE_INFINITY);
      return payload;
    }
    return (async () => {
      let next = check(0, performance.now() + stepMs);
      while (next < input.length) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        next = check(next, performance.now() + stepMs);
      }
      return payload;
    })();
  };
});

/** The rows of a batch: at most `max`, whose first errors end the validation. */
export function rowsSchema<T extends z.ZodType>(element: T, rows: RowsOptions): z.ZodArray<T> {
  const schema = new RowsType({ type: "array", element, rows });
  // It is made by ZodArray's own constructor, for this element.
  return schema as unknown as z.ZodArray<T>;
}
