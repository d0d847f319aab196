import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer } from "@/local/stripe/customers/create-customer";
import { openContext } from "@/local/stripe/testing/open-context";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { createCustomerSession } from "./create-customer-session";
import { findCustomerSession } from "./find-customer-session";

let local: TestStripe;
let customer: string;
beforeAll(async () => {
  local = await startTestStripe();
  customer = (await local.stripe.customers.create({})).id;
});
afterAll(() => local.server.close());

// https://docs.stripe.com/api/customer_sessions/create
test("a session lets the Payment Element see what its features say, for half an hour", async () => {
  const session = await local.stripe.customerSessions.create({
    customer,
    components: {
      payment_element: { enabled: true, features: { payment_method_redisplay: "enabled" } },
    },
  });
  expect(session).toMatchObject({
    object: "customer_session",
    client_secret: expect.stringMatching(/^cuss_secret_\w{43}$/),
    customer,
    expires_at: session.created + 1800,
    components: {
      buy_button: { enabled: false },
      payment_element: {
        enabled: true,
        features: {
          payment_method_allow_redisplay_filters: ["always"],
          payment_method_redisplay: "enabled",
          payment_method_redisplay_limit: 3,
          payment_method_remove: "disabled",
          payment_method_save: "disabled",
          payment_method_save_usage: null,
        },
      },
    },
  });
  expect(session).not.toHaveProperty("id");
});

// https://docs.stripe.com/api/customer_sessions/create#create_customer_session-components
test("at least one component is enabled, and only an enabled one has features", async () => {
  const refuse = async (components: object) =>
    (await refusalOf(local.stripe.customerSessions.create({ customer, components }))).param;
  const on = { enabled: true };
  expect(await refuse({ buy_button: { enabled: false } })).toBe("components");
  const features = { payment_method_redisplay_limit: 11 };
  expect(await refuse({ payment_element: { enabled: true, features } })).toBe(
    "components[payment_element][features][payment_method_redisplay_limit]",
  );
  const other = { payment_method_redisplay: "enabled" };
  expect(await refuse({ payment_element: { enabled: false, features: other }, buy_button: on })).toBe(
    "components[payment_element][features]",
  );
  expect(await refuse({ customer_sheet: on })).toBe("components[customer_sheet]");
  const table = await local.stripe.customerSessions.create({ customer, components: { pricing_table: on } });
  expect(table.components?.pricing_table).toEqual({ enabled: true });
  const nobody = local.stripe.customerSessions.create({
    customer: "cus_none",
    components: { buy_button: on },
  });
  expect((await refusalOf(nobody)).code).toBe("resource_missing");
});

test("a session is found by its secret until it has expired", () => {
  const context = openContext(1000);
  const { id } = createCustomer(context, {});
  const session = createCustomerSession(context, {
    customer: id,
    components: { buy_button: { enabled: true } },
  });
  const findAt = (now: number) => findCustomerSession(context.at(now), session.client_secret)?.customer;
  expect([findAt(1000 + 1799), findAt(1000 + 1800)]).toEqual([id, undefined]);
  expect(findCustomerSession(context, "cuss_secret_wrong")).toBeNull();
});
