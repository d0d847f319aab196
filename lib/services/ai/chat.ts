import type { UIMessage } from "ai";
import { languageModel, type ModelCallOutcome, streamChat } from "@/lib/ai/stream-chat";
import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { subscriptionContext } from "@/lib/domain/subscription-context";
import { logError } from "@/lib/log";
import { newId } from "@/lib/new-id";
import { getUsage } from "@/lib/services/usage/get-usage";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { commitReservation, releaseReservation } from "@/lib/services/usage/settle-reservation";

const METER = "ai_requests";

export type ChatInput = {
  customerId: string;
  userId: string;
  messages: UIMessage[];
  abortSignal: AbortSignal;
  /** Keeps the server awake for work that outlives the response. */
  waitUntil: (work: Promise<unknown>) => void;
};

/**
 * Answers a conversation and counts it as one AI request: held before the model is asked, posted when it has
 * said anything, given back when it has not; on finish, on abort and on error alike. (S1-85, S0-73)
 * @returns a stream in the AI SDK's protocol; its last message carries the subscription context.
 * @throws AppError `limit_reached`, `forbidden` when the plan has no AI chat, `ai_unavailable`.
 */
export async function chat(ctx: Context, input: ChatInput): Promise<Response> {
  const model = languageModel(ctx.env);
  if (!model) throw new AppError("ai_unavailable", "No AI provider is configured on this installation.");
  const { customerId, userId } = input;
  const reservation = await reserveUsage(ctx, {
    customerId,
    userId,
    meter: METER,
    quantity: 1,
    key: `chat:${newId()}`,
  });
  if (reservation.entitlements.features.ai_chat !== true) {
    await releaseReservation(ctx, { customerId, reservationId: reservation.id });
    throw new AppError("forbidden", "Your plan does not include AI chat.");
  }

  // Announced now: when a reader hangs up there is no request any more to announce it to.
  const settlement = Promise.withResolvers<void>();
  input.waitUntil(settlement.promise);
  const settle = async (outcome: ModelCallOutcome): Promise<Record<string, unknown>> => {
    await settleCall(ctx, { customerId, reservationId: reservation.id }, outcome).finally(settlement.resolve);
    const usage = await getUsage(ctx, { customerId });
    const windows = usage.meters.find((entry) => entry.meter.key === METER)?.windows ?? [];
    return subscriptionContext(usage.entitlements.plan.slug, windows);
  };
  try {
    return await streamChat({ model, messages: input.messages, abortSignal: input.abortSignal, settle });
  } catch (error) {
    await releaseReservation(ctx, { customerId, reservationId: reservation.id }).finally(settlement.resolve);
    throw error;
  }
}

/** Tried for a minute: a database that restarts must not cost a posting. What still fails expires and is logged. */
async function settleCall(
  ctx: Context,
  settlement: { customerId: string; reservationId: string },
  { producedOutput, ...details }: ModelCallOutcome,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (producedOutput)
        await commitReservation(ctx, {
          ...settlement,
          quantity: 1,
          details: { source: "provider", ...details },
        });
      else await releaseReservation(ctx, settlement);
      return;
    } catch (error) {
      if (error instanceof AppError || attempt === 7) {
        logError("usage.settlement_failed", error, settlement);
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}
