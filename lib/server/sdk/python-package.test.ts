import { expect, it } from "vitest";
import { pythonPackage } from "./python-package.ts";

it("is built once, also when many ask for it at the same time", async () => {
  const many = await Promise.all(Array.from({ length: 20 }, pythonPackage));
  const later = await pythonPackage();
  // Equal by identity: each build makes an array of its own.
  expect(new Set([...many, later]).size).toBe(1);
});
