import { readFileSync } from "node:fs";
import { unstable_getResponseFromNextConfig as askConfig } from "next/experimental/testing/server";
import { describe, expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/v1/endpoints";
import config from "@/next.config";
import { canonicalPath, PATH_ALIASES } from "./path-aliases";

/** Where the build's configuration leads a path, by Next's own rules. */
async function resolve(path: string): Promise<{ to: string; status: number }> {
  const response = await askConfig({ url: `https://billing.example.com${path}`, nextConfig: config });
  const to = response.headers.get("x-middleware-rewrite");
  return { to: to ? new URL(to).pathname + new URL(to).search : path, status: response.status };
}

const filledIn = (path: string) => path.replace(/\{\w+\}/g, "pro-learn");

describe("each other path of an endpoint (K-17)", () => {
  test.each(Object.entries(PATH_ALIASES))(
    "%s is answered as %s, with and without a slash at its end and never by a redirect",
    async (alias, path) => {
      for (const slash of ["", "/"]) {
        const url = filledIn(alias) + slash;
        expect(await resolve(url)).toEqual({ to: filledIn(path), status: 200 });
        expect(canonicalPath(url)).toBe(filledIn(path));
      }
    },
  );

  test("is described: it leads to an endpoint of the API, or to Stripe's", () => {
    for (const path of Object.values(PATH_ALIASES))
      expect([...Object.keys(ENDPOINTS), "/api/v1/webhooks/stripe"]).toContain(path);
  });

  test("is listed in docs/api.md, and nothing else is", () => {
    const listed = readFileSync("docs/api.md", "utf8").matchAll(/^\| `(\/api\/[^`]+)\/` \| `([^`]+)` \|$/gm);
    expect(Object.fromEntries([...listed].map(([, alias, path]) => [alias, path]))).toEqual(PATH_ALIASES);
  });

  test("hides no endpoint, and stands for nothing longer than itself", async () => {
    for (const alias of Object.keys(PATH_ALIASES)) expect(ENDPOINTS).not.toHaveProperty([alias]);
    for (const path of [
      "/api/v1/billing/plans",
      "/api/v1/billing/tiers/x",
      "/api/subscriptions/plans/a/b",
      "/",
    ]) {
      expect(await resolve(path)).toEqual({ to: path, status: 200 });
      expect(canonicalPath(path)).toBe(path);
    }
  });

  test("covers the catalogue's paths of all five businesses (S0-32, S1-60, S2-29, S3-18, S3-19, S3-20)", async () => {
    for (const path of [
      "/api/v1/subscriptions/plans/",
      "/api/v1/billing/tiers/",
      "/api/v1/billing/plans",
      "/api/subscriptions/plans/",
    ])
      expect((await resolve(path)).to).toBe("/api/v1/billing/plans");
    expect((await resolve("/api/subscriptions/plans/basic/")).to).toBe("/api/v1/billing/plans/basic");
  });
});

test("a trailing slash changes no endpoint's name", () => {
  for (const path of Object.keys(ENDPOINTS)) expect(canonicalPath(`${filledIn(path)}/`)).toBe(filledIn(path));
});
