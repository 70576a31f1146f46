import { expect, it } from "vitest";
import { acceptedEncoding } from "./accepted-encoding.ts";

it.each([
  [null, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "gzip"],
  ["br", "br"],
  ["zstd", "zstd"],
  ["deflate", "identity"],
  ["identity", "identity"],
  ["*", "gzip"],
  ["gzip;q=0, *", "br"],
  ["gzip;q=0.5, br;q=0.8, zstd;q=0.1", "br"],
  ["GZIP ; Q=0.2 , identity;q=0.1", "gzip"],
  ["gzip;q=0.2, identity", "identity"],
  ["gzip;q=0.001", "gzip"],
  ["gzip;q=0", "identity"],
  ["gzip;q=2, zstd", "zstd"],
  ["gzip;q=x", "identity"],
  ["identity;q=0, gzip", "gzip"],
  ["identity;q=0", "identity"],
  ["*;q=0", "identity"],
  ["x-gzip", "gzip"],
  ["constructor, __proto__", "identity"],
])("takes from “%s” the coding %s", (header, expected) => {
  expect(acceptedEncoding(header)).toBe(expected);
});
