import type { LocalService } from "./service";

/** What a worker is told to start. Data only: it crosses a thread. */
export type ServicePlan =
  | { service: "redis"; options: { port: number } }
  | { service: "mail"; options: { port: number; dataDir: string | null } }
  | {
      service: "stripe";
      options: {
        port: number;
        dataDir: string | null;
        webhookEndpoints: { url: string; secret: string }[];
        clockFollowers: string[];
      };
    };

/** Starts one stand-in in this thread; only its own code is loaded. */
export async function startService(plan: ServicePlan): Promise<LocalService> {
  switch (plan.service) {
    case "redis": {
      const { startRedis } = await import("@/local/redis/start-redis");
      return startRedis(plan.options);
    }
    case "mail": {
      const { startMail } = await import("@/local/mail/start-mail");
      return startMail(plan.options);
    }
    case "stripe": {
      const { startStripe } = await import("@/local/stripe/start-stripe");
      return startStripe(plan.options);
    }
  }
}
