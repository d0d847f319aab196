import { expect, test } from "vitest";
import { settleBalance } from "./settle-balance";

// https://docs.stripe.com/billing/customer/balance and https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
test.each([
  ["nothing to apply", 1000, 0, { amountDue: 1000, endingBalance: 0, applied: 0, tooSmall: 0 }],
  ["a credit that covers part", 1000, -300, { amountDue: 700, endingBalance: 0, applied: 300, tooSmall: 0 }],
  ["a credit that covers all", 300, -1000, { amountDue: 0, endingBalance: -700, applied: 300, tooSmall: 0 }],
  ["a debt", 1000, 500, { amountDue: 1500, endingBalance: 0, applied: -500, tooSmall: 0 }],
  ["a negative total", -500, 0, { amountDue: 0, endingBalance: -500, applied: -500, tooSmall: 0 }],
  [
    "a negative total that pays a debt",
    -200,
    900,
    { amountDue: 700, endingBalance: 0, applied: -900, tooSmall: 0 },
  ],
  ["a cent less than the minimum", 49, 0, { amountDue: 0, endingBalance: 49, applied: 0, tooSmall: 49 }],
  ["the minimum itself", 50, 0, { amountDue: 50, endingBalance: 0, applied: 0, tooSmall: 0 }],
  [
    "too little left by a credit",
    1000,
    -970,
    { amountDue: 0, endingBalance: 30, applied: 970, tooSmall: 30 },
  ],
  [
    "too little made enough by a debt",
    30,
    30,
    { amountDue: 60, endingBalance: 0, applied: -30, tooSmall: 0 },
  ],
  ["nothing at all", 0, 0, { amountDue: 0, endingBalance: 0, applied: 0, tooSmall: 0 }],
  [
    "a small debt before an invoice over nothing",
    0,
    30,
    { amountDue: 0, endingBalance: 30, applied: 0, tooSmall: 0 },
  ],
])("%s", (_name, total, balance, settlement) => {
  expect(settleBalance(total, balance, "usd")).toEqual(settlement);
  expect(settlement.endingBalance - balance).toBe(settlement.applied + settlement.tooSmall);
});

test("the minimum is the currency's", () => {
  expect(settleBalance(49, 0, "jpy").amountDue).toBe(0);
  expect(settleBalance(30, 0, "gbp").amountDue).toBe(30);
  expect(settleBalance(1499, 0, "czk").amountDue).toBe(0);
});
