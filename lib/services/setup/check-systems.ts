import type { Context } from "@/lib/context";
import { checkAiProvider } from "./check-ai-provider";
import { checkCatalogue } from "./check-catalogue";
import { checkMail } from "./check-mail";
import { checkPostgres } from "./check-postgres";
import { checkRedis } from "./check-redis";
import { checkScheduler } from "./check-scheduler";
import { checkSignIn } from "./check-sign-in";
import { checkStripe } from "./check-stripe";
import type { SystemCheck, SystemKey } from "./system-check";

const CHECKS: Record<SystemKey, (ctx: Context) => Promise<SystemCheck>> = {
  postgres: checkPostgres,
  stripe: checkStripe,
  catalogue: checkCatalogue,
  redis: checkRedis,
  mail: checkMail,
  ai_provider: checkAiProvider,
  scheduler: checkScheduler,
  sign_in: checkSignIn,
};

/** Asks one system now; within three seconds, and without throwing. Ask for several at once. (criterion 24) */
export function checkSystem(ctx: Context, key: SystemKey): Promise<SystemCheck> {
  return CHECKS[key](ctx);
}
