import { describe, expect, it } from "vitest";
import { allowanceAfterAnswer, allowanceLine, chatAllowance, comesWithAnswers } from "./chat-allowance";

const midnight = "2026-11-29T00:00:00.000Z";
const day = { window: "day", used: 1, held: 0, limit: 3, resetsAt: midnight } as const;
const month = {
  window: "month",
  used: 7,
  held: 0,
  limit: null,
  resetsAt: "2026-12-05T10:00:00.000Z",
} as const;
const context = { plan: "free", usage_today: 2, limit_today: 3, usage_this_month: 8, limit_this_month: null };

describe("the allowance beside the chat", () => {
  it("is the shortest window that is limited", () => {
    expect(chatAllowance([month, day])).toMatchObject({ window: "day", used: 1, limit: 3 });
    expect(
      chatAllowance([
        { ...day, limit: null },
        { ...month, limit: 50 },
      ]),
    ).toMatchObject({ window: "month", limit: 50 });
  });

  it("is the day where nothing is limited", () => {
    expect(chatAllowance([month, { ...day, limit: null }])).toMatchObject({ window: "day", limit: null });
  });

  it("counts open holds as used", () => {
    expect(chatAllowance([{ ...day, held: 1 }])).toMatchObject({ used: 2 });
  });

  it("is nothing where the meter is not counted", () => {
    expect(chatAllowance([])).toBeNull();
  });

  it("follows what an answer says of its own window", () => {
    expect(allowanceAfterAnswer(day, context)).toMatchObject({ used: 2, limit: 3 });
    expect(allowanceAfterAnswer(month, context)).toMatchObject({ used: 8, limit: null });
    expect(allowanceAfterAnswer(null, context)).toBeNull();
  });

  it("is asked for where answers do not bring it: they tell of the day and the month", () => {
    const windows = [day, month, { ...day, window: "period" }, { ...day, window: "lifetime" }, null] as const;
    expect(windows.map(comesWithAnswers)).toEqual([true, true, false, false, false]);
  });

  it.each([
    [day, "1 of 3 AI requests today · resets 00:00 UTC"],
    [{ ...day, limit: null }, "1 AI requests today · no limit"],
    [{ ...month, limit: 1200 }, "7 of 1,200 AI requests this month · resets 5 Dec 2026, 10:00 UTC"],
    [{ ...day, window: "lifetime", resetsAt: null }, "1 of 3 AI requests in total"],
  ] as const)("reads %o as “%s”", (allowance, line) => {
    expect(allowanceLine(allowance, "AI requests")).toBe(line);
  });

  it("reads as a sentence whatever the meter is called", () => {
    expect(allowanceLine(day, "Tickets")).toBe("1 of 3 tickets today · resets 00:00 UTC");
  });
});
