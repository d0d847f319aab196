import { LocalStartError } from "./start-error";

/** The ports the stand-ins listen on; each can be moved by an environment variable. */
export const DEFAULT_PORTS = { app: 3000, postgres: 54320, redis: 8079, mail: 8025, stripe: 12111 } as const;

export type LocalPorts = { app: number; postgres: number; redis: number; mail: number; stripe: number };

const VARIABLES: Record<keyof LocalPorts, string> = {
  app: "PORT",
  postgres: "LOCAL_POSTGRES_PORT",
  redis: "LOCAL_REDIS_PORT",
  mail: "LOCAL_MAIL_PORT",
  stripe: "LOCAL_STRIPE_PORT",
};

/** The environment variable that moves a port. */
export function portVariable(key: keyof LocalPorts): string {
  return VARIABLES[key];
}

/**
 * Reads the ports from the environment.
 * @throws LocalStartError naming the variable when one is not a port number.
 */
export function readLocalPorts(env: Record<string, string | undefined>): LocalPorts {
  const read = (key: keyof LocalPorts): number => {
    const raw = env[VARIABLES[key]];
    if (raw === undefined || raw === "") return DEFAULT_PORTS[key];
    const port = Number(raw);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new LocalStartError(`${VARIABLES[key]} must be a port between 1 and 65535, not "${raw}".`);
    }
    return port;
  };
  return {
    app: read("app"),
    postgres: read("postgres"),
    redis: read("redis"),
    mail: read("mail"),
    stripe: read("stripe"),
  };
}
