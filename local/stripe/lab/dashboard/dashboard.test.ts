import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeEach(async () => {
  local = await startTestStripe();
});
afterEach(() => local.server.close());

async function page(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${local.server.url}${path}`);
  return { status: response.status, text: await response.text() };
}

/** Posts a form as the dashboard's own pages do. @returns the page it leads to. */
async function act(
  call: string,
  fields: Record<string, string>,
  origin: string | null = local.server.url,
): Promise<{ status: number; location: string }> {
  const response = await fetch(`${local.server.url}/dashboard/actions${call}`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ _back: "/dashboard/controls", ...fields }),
    headers: origin === null ? {} : { Origin: origin },
  });
  return { status: response.status, location: response.headers.get("location") ?? "" };
}

async function subscribe(): Promise<{ customer: string; subscription: string }> {
  const { id } = await createPayingCustomer(local.stripe);
  const price = await createPlan(local.stripe);
  const items = [{ price: price.id }];
  const subscription = await local.stripe.subscriptions.create({ customer: id, items });
  return { customer: id, subscription: subscription.id };
}

describe("pages", () => {
  test("every list shows what there is, and is whole without anything", async () => {
    const kinds = [
      "customers",
      "subscriptions",
      "invoices",
      "payments",
      "events",
      "endpoints",
      "requests",
      "controls",
    ];
    for (const kind of kinds) expect((await page(`/dashboard/${kind}`)).status).toBe(200);
    const { customer, subscription } = await subscribe();
    expect((await page("/dashboard/customers")).text).toContain(customer);
    expect((await page("/dashboard/subscriptions")).text).toContain(subscription);
    expect((await page("/dashboard/invoices")).text).toContain("$54.00");
    expect((await page("/dashboard/payments")).text).toContain("succeeded");
    expect((await page("/dashboard/events?type=invoice.paid")).text.match(/redeliver/g)).toHaveLength(1);
  });

  test("the overview tells what falls due next, with a link to the object", async () => {
    const { subscription } = await subscribe();
    const { text } = await page("/");
    expect(text).toContain("renew subscription");
    expect(text).toContain(`/dashboard/objects/${subscription}`);
  });

  test("customers are found by a part of their address or id, and by nothing else", async () => {
    const wanted = await local.stripe.customers.create({ email: "wanted_one@example.test" });
    const other = await local.stripe.customers.create({ email: "wantedXone@example.test" });
    const found = (await page("/dashboard/customers?q=wanted_one")).text;
    expect([found.includes(wanted.id), found.includes(other.id)]).toEqual([true, false]);
    expect((await page(`/dashboard/customers?q=${other.id.slice(4)}`)).text).toContain(other.id);
  });

  test("lists are paged by cursor, there and back", async () => {
    for (let count = 0; count < 30; count += 1) {
      await local.stripe.customers.create({ email: `number-${count}@example.test` });
    }
    const first = (await page("/dashboard/customers")).text;
    const older = /href="([^"]+)">Older/.exec(first)?.[1] ?? "";
    const second = (await page(older)).text;
    expect(second).toContain("number-0@");
    expect(second).not.toContain("number-29@");
    const newer = (/href="([^"]+)">Newer/.exec(second)?.[1] ?? "").replaceAll("&amp;", "&");
    expect((await page(newer)).text).toContain("number-29@");
  });

  test("a customer's page tells a subscription's past and what comes next", async () => {
    const { customer, subscription } = await subscribe();
    await local.lab("POST", "/declines", { customer, reason: "lost_card" });
    await local.lab("POST", "/clock", { to: { next_renewal: subscription } });
    const { text } = await page(`/dashboard/customers/${customer}`);
    expect(text).toContain("declined, lost_card");
    expect(text).toContain("will retry payment");
    expect(text).toContain("Jump to the end of retries");
  });

  test("an object is shown as JSON whose ids are links, and no secret with it", async () => {
    const { customer } = await subscribe();
    const [intent] = (await local.stripe.paymentIntents.list()).data;
    const { text } = await page(`/dashboard/objects/${intent?.id}`);
    expect(text).toContain(`<a href="/dashboard/customers/${customer}">`);
    expect(text).not.toContain(String(intent?.client_secret));
    expect((await page("/dashboard/objects/cus_none")).status).toBe(404);
    expect((await page("/dashboard/nothing")).status).toBe(404);
  });

  test("what is somebody's own text is not markup", async () => {
    const { id } = await local.stripe.customers.create({ name: "<script>alert(1)</script>" });
    for (const path of [`/dashboard/customers/${id}`, `/dashboard/objects/${id}`, "/dashboard/customers"]) {
      expect((await page(path)).text).not.toContain("<script>");
    }
  });

  test("the request log tells status, replay and error, and keeps no card number", async () => {
    const options = { idempotencyKey: "once" };
    await local.stripe.customers.create({ name: "Ada" }, options);
    await local.stripe.customers.create({ name: "Ada" }, options);
    await refusalOf(local.stripe.customers.retrieve("cus_none"));
    const card = { number: "4242424242424242", exp_month: 12, exp_year: 2040, cvc: "987" };
    await local.stripe.paymentMethods.create({ type: "card", card });
    await refusalOf(
      local.stripe.customers.create({ name: "4000 0566 5566 5556", balance: "4000056655665556x" as never }),
    );
    const { text } = await page("/dashboard/requests");
    expect(text).toContain("replayed");
    expect(text).toContain("resource_missing");
    expect(text).not.toMatch(/4242424242424242|4000 ?0566/);
    expect(text).toContain("card[number]=(left out)");
    expect(text).toContain("card[cvc]=(left out)");
  });
});

describe("actions", () => {
  test("a form does what the control does, leads back and says so", async () => {
    const { customer } = await subscribe();
    const { status, location } = await act("/declines", { customer, reason: "stolen_card", count: "" });
    expect([status, location]).toEqual([303, expect.stringMatching(/^\/dashboard\/controls\?said=\d+$/)]);
    expect((await page(location)).text).toContain("will be declined: stolen_card");
    expect((await local.lab("GET", "/declines")).json.data).toMatchObject([
      { object: customer, remaining: 1 },
    ]);
  });

  test("a jump that takes no time leads back; the clock has moved", async () => {
    const { subscription } = await subscribe();
    const { location } = await act("/clock", { "to[next_renewal]": subscription, in_steps: "true" });
    expect((await page(location)).text).toContain("The clock moved.");
    expect((await local.stripe.invoices.list({ subscription })).data).toHaveLength(2);
  });

  test("a mistake is told by its field and changes nothing", async () => {
    const { location } = await act("/clock", { advance_ms: "soon" });
    expect((await page(location)).text).toContain("advance_ms: Invalid integer");
    expect((await local.lab("GET", "/clock")).json.offset_ms).toBe(0);
  });

  test.each([["http://evil.example"], [null], ["null"]])(
    "a form of another origin, %s, is refused",
    async (origin) => {
      await local.stripe.customers.create({});
      expect((await act("/reset", {}, origin)).status).toBe(403);
      expect((await local.stripe.customers.list()).data).toHaveLength(1);
    },
  );

  test("nobody is led away from here", async () => {
    for (const back of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
      expect((await act("/faults", { _method: "DELETE", _back: back })).location).toMatch(/^\/\?said=/);
    }
  });

  test("an action is no link", async () => {
    await local.stripe.customers.create({});
    expect((await page("/dashboard/actions/reset")).status).toBe(403);
    expect((await local.stripe.customers.list()).data).toHaveLength(1);
  });
});
