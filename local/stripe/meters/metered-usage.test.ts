import { expect, test } from "vitest";
import { createCustomer } from "@/local/stripe/customers/create-customer";
import { insertObject } from "@/local/stripe/store/store";
import { openContext } from "@/local/stripe/testing/open-context";
import { insertMeterEvent } from "./meter-events-table";
import { meteredUsage } from "./metered-usage";

function setUp() {
  const context = openContext(1000);
  const customer = createCustomer(context, {}).id;
  insertObject(
    context.store,
    "billing.meter",
    {
      id: "mtr_1",
      object: "billing.meter",
      created: 0,
      customer_mapping: { event_payload_key: "stripe_customer_id", type: "by_id" },
      default_aggregation: { formula: "sum" },
      display_name: "Tokens",
      event_name: "tokens",
      event_time_window: null,
      livemode: false,
      status: "active",
      status_transitions: { deactivated_at: null },
      updated: 0,
      value_settings: { event_payload_key: "value" },
    },
    {},
  );
  let count = 0;
  const report = (at: number, value: string, whose = customer) => {
    count += 1;
    const identifier = `event_${count}`;
    insertMeterEvent(context, { identifier, meter: "mtr_1", customer: whose, at, receivedAt: at, value });
  };
  const usage = (start: number, end: number) =>
    meteredUsage(context, { meter: "mtr_1", customer, start, end });
  return { context, report, usage };
}

test("a period has its start and not its end, and only the customer's own usage", () => {
  const { report, usage } = setUp();
  report(99, "1");
  report(100, "2");
  report(199, "4");
  report(200, "8");
  report(150, "16", "cus_other");
  expect(usage(100, 200)).toBe("6");
});

// https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#usage-values
test("decimals add up exactly, and a negative period counts as zero", () => {
  const { report, usage } = setUp();
  for (let index = 0; index < 10; index += 1) report(100 + index, "0.1");
  expect(usage(0, 1000)).toBe("1");
  report(120, "-3");
  expect(usage(0, 1000)).toBe("0");
  expect(usage(2000, 3000)).toBe("0");
});

test("usage is found by meter, customer and time, without reading everybody's", () => {
  const { context } = setUp();
  const plan = context.store.db
    .prepare(
      "explain query plan select value from meter_events where meter = ? and customer = ? and at >= ? and at < ?",
    )
    .all("mtr_1", "cus_1", 0, 1);
  expect(JSON.stringify(plan)).toContain("meter_events_by_time (meter=? AND customer=? AND at>? AND at<?)");
});
