import { describe, expect, test } from "vitest";
import {
  type ConfigSchema,
  fieldGroups,
  formatTyped,
  initialValues,
  rangeHint,
  readForm,
} from "./config-form.ts";

const schema: ConfigSchema = {
  type: "object",
  required: ["epochs"],
  properties: {
    width: {
      type: "integer",
      default: 64,
      minimum: 8,
      maximum: 256,
      "x-group": "Model",
      "x-order": 3,
    },
    learning_rate: {
      type: "number",
      title: "Learning rate",
      description: "The highest.",
      default: 0.003,
      minimum: 1e-6,
      maximum: 1,
      "x-group": "Training",
      "x-order": 2,
    },
    epochs: { type: "integer", default: 10, minimum: 1, "x-group": "Training", "x-order": 1 },
    shuffle: { type: "boolean", default: true, "x-group": "Training", "x-order": 4 },
    schedule: {
      enum: ["cosine", "constant"],
      default: "cosine",
      "x-group": "Training",
      "x-order": 5,
    },
    init_from_job: {
      type: "string",
      "x-group": "Model",
      "x-order": 6,
      "x-widget": "run",
      "x-run-kinds": ["rl"],
    },
  },
};
const groups = fieldGroups(schema);
const values = initialValues(groups);

describe("fieldGroups", () => {
  test("orders fields and groups by the declared order", () => {
    expect(groups.map((group) => group.title)).toEqual(["Training", "Model"]);
    expect(groups[0]?.fields.map((field) => field.name)).toEqual([
      "epochs",
      "learning_rate",
      "shuffle",
      "schedule",
    ]);
  });

  test("names a field after its key where no title is declared", () => {
    expect(groups[1]?.fields[1]?.label).toBe("Init from job");
  });

  test("takes from the trainer which runs a field may hold", () => {
    expect(groups[1]?.fields[1]).toMatchObject({ kind: "run", runKinds: ["rl"] });
  });
});

describe("readForm", () => {
  test("gives the defaults back, typed, and leaves empty optional fields out", () => {
    expect(readForm(groups, values)).toEqual({
      errors: {},
      config: { width: 64, learning_rate: 0.003, epochs: 10, shuffle: true, schedule: "cosine" },
    });
  });

  test("names the error of each field", () => {
    const { errors } = readForm(groups, {
      ...values,
      width: "4",
      learning_rate: "fast",
      epochs: "",
    });
    expect(errors).toEqual({
      width: "Must be at least 8.",
      learning_rate: "Enter a number.",
      epochs: "Required.",
    });
  });

  test("rejects fractions for integers and accepts scientific notation", () => {
    expect(readForm(groups, { ...values, epochs: "1.5" }).errors.epochs).toBe(
      "Enter a whole number.",
    );
    expect(readForm(groups, { ...values, learning_rate: "3e-4" }).config.learning_rate).toBe(
      0.0003,
    );
  });
});

describe("numbers in the form", () => {
  test("small and huge ones are scientific, the others plain", () => {
    expect([0.003, 64, 0.1, 2147483647, 1e-6, 0].map(formatTyped)).toEqual([
      "3e-3",
      "64",
      "0.1",
      "2147483647",
      "1e-6",
      "0",
    ]);
  });

  test("the range is the label's hint", () => {
    expect(rangeHint({ min: 1e-6, max: 100_000 })).toBe("1e-6 – 100,000");
    expect(rangeHint({ min: 1, max: undefined })).toBe("≥ 1");
    expect(rangeHint({ min: undefined, max: undefined })).toBeUndefined();
  });
});
