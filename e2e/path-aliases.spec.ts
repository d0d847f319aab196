import { PATH_ALIASES } from "@/lib/http/path-aliases";
import { ROUTES } from "./access-table";
import { expect, test } from "./test";

/** The running server's own answers: what a table says and what Next does with it are two things. (K-17) */

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const filledIn = (path: string) => path.replace(/\{\w+\}/g, "explorer").replace(/\[\.{0,3}\w+\]/g, "nothing");

type Answer = { status: number; type: string | undefined; body: string };

for (const [alias, path] of Object.entries(PATH_ALIASES)) {
  test(`${alias} answers what ${path} answers, to every method, slash or not`, async ({ request }) => {
    const answers = async (url: string): Promise<Answer[]> =>
      Promise.all(
        METHODS.map(async (method) => {
          const answer = await request.fetch(url, {
            method,
            maxRedirects: 0,
            ...(method === "GET" ? {} : { data: {} }),
          });
          const body = (await answer.text()).replace(/"request_id":"[^"]*"/, "");
          return { status: answer.status(), type: answer.headers()["content-type"], body };
        }),
      );
    const expected = await answers(filledIn(path));
    expect(new Set(expected.map(({ status }) => status)).size).toBeGreaterThan(1);
    for (const slash of ["", "/"]) expect(await answers(filledIn(alias) + slash)).toEqual(expected);
  });
}

for (const path of Object.keys(ROUTES).filter((route) => route.startsWith("/api/v1/"))) {
  test(`${path}/ is answered as without the slash, never by a redirect`, async ({ request }) => {
    const [plain, slashed] = await Promise.all(
      ["", "/"].map((slash) => request.get(filledIn(path) + slash, { maxRedirects: 0 })),
    );
    expect(slashed?.status()).toBe(plain?.status());
    expect(slashed?.status() ?? 0).not.toBe(308);
  });
}

test("query and body arrive under another name too", async ({ request }) => {
  const headers = { authorization: "Bearer tk_local_free" };
  // The query of an endpoint that takes none is left alone, as under its own name.
  expect((await request.get("/api/v1/billing/tiers/?a=1", { headers, maxRedirects: 0 })).status()).toBe(200);
  const refused = await request.post("/api/subscriptions/plans/", { headers, data: { slug: "x" } });
  expect(refused.status()).toBe(403);
});
