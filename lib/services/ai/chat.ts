import type { UIMessage } from "ai";
import { languageModel, type ModelCallOutcome, streamChat } from "@/lib/ai/stream-chat";
import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { callMeasure, MAX_OUTPUT_TOKENS } from "@/lib/domain/call-measure";
import { subscriptionContext } from "@/lib/domain/subscription-context";
import { logError } from "@/lib/log";
import { newId } from "@/lib/new-id";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { getUsage } from "@/lib/services/usage/get-usage";
import { reserveUsage, toReservation } from "@/lib/services/usage/reserve-usage";
import { commitReservation, releaseReservation } from "@/lib/services/usage/settle-reservation";
import { askUses } from "@/lib/services/usage/usage-engine";

export type ChatInput = {
  customerId: string;
  userId: string;
  messages: UIMessage[];
  abortSignal: AbortSignal;
  /** Keeps the server awake for work that outlives the response. */
  waitUntil: (work: Promise<unknown>) => void;
};

/**
 * Answers a conversation and counts it in the catalogue's meter, as one call or by its tokens: held before the model is
 * asked, posted when it has said anything, given back when it has not; on finish, on abort and on error alike. (S1-85, S0-73)
 * @returns a stream in the AI SDK's protocol; its last message carries the subscription context.
 * @throws AppError `limit_reached`, `forbidden` when the plan has no AI chat, `not_found` when the catalogue has none,
 * `ai_unavailable`.
 */
export async function chat(ctx: Context, input: ChatInput): Promise<Response> {
  const model = languageModel(ctx.env);
  if (!model) throw new AppError("ai_unavailable", "No AI provider is configured on this installation.");
  const { customerId, userId, messages } = input;
  const { playground, meters, priceBook } = await getCatalogue(ctx);
  const meter = meters.find(({ key }) => key === playground.chat?.meter);
  if (!playground.chat || !meter)
    throw new AppError("not_found", "There is no AI chat in what is sold here.");
  const { feature, stopsWith } = playground.chat;
  if (stopsWith !== undefined) await assertRoom(ctx, { customerId, userId, meter: stopsWith });
  const measure = callMeasure({
    measuredBy: meter.measuredBy,
    paysByCredits: meter.creditsPerUnit !== null,
    messages,
    priceBook,
    model: model.modelId,
  });
  const reservation = await reserveUsage(ctx, {
    customerId,
    userId,
    meter: meter.key,
    quantity: measure.most,
    least: measure.least,
    ...(measure.creditsPerUnit ? { creditsPerUnit: measure.creditsPerUnit } : {}),
    key: `chat:${newId()}`,
    signal: input.abortSignal,
  });
  if (feature !== undefined && reservation.entitlements.features[feature] !== true) {
    await releaseReservation(ctx, { customerId, reservationId: reservation.id });
    throw new AppError("forbidden", "Your plan does not include AI chat.");
  }
  const maxOutputTokens = measure.maxOutputTokens({ quantity: reservation.quantity, ...reservation.paidBy });

  // Announced now: when a reader hangs up there is no request any more to announce it to.
  const settlement = Promise.withResolvers<void>();
  input.waitUntil(settlement.promise);
  const settle = async (outcome: ModelCallOutcome): Promise<Record<string, unknown>> => {
    const { quantity, creditsPerUnit, source } = measure.used(outcome);
    const use = {
      customerId,
      reservationId: reservation.id,
      quantity,
      ...(creditsPerUnit === null ? {} : { creditsPerUnit, priceVersion: priceBook.version }),
      source,
    };
    await settleCall(ctx, use, outcome).finally(settlement.resolve);
    const usage = await getUsage(ctx, { customerId });
    const windows = usage.meters.find((entry) => entry.meter.key === meter.key)?.windows ?? [];
    return {
      ...subscriptionContext(usage.entitlements.plan.slug, windows),
      // Said, because the answer ends where what was left ended.
      ...(maxOutputTokens < MAX_OUTPUT_TOKENS ? { max_output_tokens: maxOutputTokens } : {}),
    };
  };
  try {
    const { abortSignal } = input;
    return await streamChat({ model, messages, abortSignal, maxOutputTokens, settle });
  } catch (error) {
    await releaseReservation(ctx, { customerId, reservationId: reservation.id }).finally(settlement.resolve);
    throw error;
  }
}

/** @throws AppError `limit_reached` when not one more unit of the meter may be used. (S2-58) */
async function assertRoom(
  ctx: Context,
  { customerId, ...use }: { customerId: string; userId: string; meter: string },
): Promise<void> {
  const asked = { ...use, quantity: 1, key: newId() };
  const [answer] = await askUses(ctx, "check", customerId, { uses: [asked], allOrNone: false });
  if (answer) await toReservation(ctx, { customerId, use: asked, answer });
}

/** Tried for a minute: a database that restarts must not cost a posting. What still fails expires and is logged. */
async function settleCall(
  ctx: Context,
  use: {
    customerId: string;
    reservationId: string;
    quantity: number;
    creditsPerUnit?: number;
    priceVersion?: number;
    source: "provider" | "estimated";
  },
  { producedOutput, outputCharacters: _, ...details }: ModelCallOutcome,
): Promise<void> {
  const { source, priceVersion = null, ...commit } = use;
  const settlement = { customerId: use.customerId, reservationId: use.reservationId };
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (producedOutput) {
        const explained = { source, price_version: priceVersion, ...details };
        await commitReservation(ctx, { ...commit, details: explained });
      } else {
        await releaseReservation(ctx, settlement);
      }
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
