import { globSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { openApiDocument } from "@/lib/http/openapi";
import { ENDPOINTS } from "./endpoints";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** Not called by programs of our customers: Stripe's, and the description itself. */
const NOT_DESCRIBED = ["/api/v1/webhooks/stripe", "/api/v1/openapi.json"];

const document = openApiDocument(ENDPOINTS, "https://billing.example.com");

test("every method of every route under /api/v1 is in the description", async () => {
  const described = Object.entries(document.paths ?? {}).flatMap(([route, methods]) =>
    Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${route}`),
  );
  const files = globSync("app/api/v1/**/route.ts");
  expect(files.length).toBeGreaterThan(5);
  const served = await Promise.all(
    files.map(async (file) => {
      const route = `/${path
        .dirname(file)
        .replace(/^app\//, "")
        .replaceAll("[", "{")
        .replaceAll("]", "}")}`;
      if (NOT_DESCRIBED.includes(route)) return [];
      const module = (await import(path.resolve(file))) as Record<string, unknown>;
      return METHODS.filter((method) => method in module).map((method) => `${method} ${route}`);
    }),
  );
  expect(described.sort()).toEqual(served.flat().sort());
});

test("it is OpenAPI 3.1 with one name per operation, its key, its scope and its refusals", () => {
  expect(document.openapi).toBe("3.1.0");
  const operations = Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods ?? {}));
  const ids = operations.map((operation) => (operation as { operationId: string }).operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(document.paths?.["/api/v1/billing/usage/record"]?.post).toMatchObject({
    security: [{ key: [] }],
    description: expect.stringContaining("usage:write"),
    responses: {
      "200": {
        content: {
          "application/json": {
            schema: {
              anyOf: [
                { $ref: "#/components/schemas/UsageRecord" },
                { $ref: "#/components/schemas/UsageBatch" },
              ],
            },
          },
        },
      },
      "403": { description: expect.stringContaining("limit_reached") },
      "429": {},
    },
  });
  // Every reference leads somewhere.
  const text = JSON.stringify(document);
  for (const [, name = ""] of text.matchAll(/#\/components\/schemas\/(\w+)/g))
    expect(document.components?.schemas).toHaveProperty(name);
});
