/** A JSON Schema (draft 2020-12, as in OpenAPI 3.1), loosely typed. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

export interface ApiParameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: JsonSchema;
  style?: string;
  explode?: boolean;
}

interface ApiContent {
  schema: JsonSchema;
  example?: unknown;
  /** Each frame of an event stream. */
  "x-itemSchema"?: JsonSchema;
}

export interface ApiResponse {
  $ref?: string;
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, ApiContent>;
}

export interface ApiOperation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: ApiParameter[];
  requestBody?: { required: boolean; description: string; content: Record<string, ApiContent> };
  responses: Record<string, ApiResponse>;
  "x-scope": string;
}

/** The part of OpenAPI 3.1 that the API description uses. */
export interface ApiDocument {
  openapi: "3.1.1";
  info: { title: string; version: string; description: string; license: object };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  /** By path, then by lower-case method. */
  paths: Record<string, Record<string, ApiOperation>>;
  components: {
    schemas: Record<string, JsonSchema>;
    responses: Record<string, ApiResponse>;
    headers: Record<string, unknown>;
    securitySchemes: Record<string, { description: string } & Record<string, unknown>>;
  };
}
