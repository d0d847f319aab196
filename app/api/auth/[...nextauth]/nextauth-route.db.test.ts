import { afterAll, beforeAll, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { GET, POST } from "./route";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  setConnections(world.ctx);
});
afterAll(() => world.close());

test.each(["session", "csrf", "signin", "signout", "providers", "_log", "verify-request", ""])(
  "next-auth's own /%s is not here: a session is not prolonged and no mail is sent past the limits",
  async (action) => {
    for (const [method, handler] of [
      ["GET", GET],
      ["POST", POST],
    ] as const) {
      const request = new Request(`http://localhost:3000/api/auth/${action}`, {
        method,
        headers: { host: "localhost:3000" },
      });
      const response = await handler(request, { params: Promise.resolve({ nextauth: [action] }) });
      expect(response.status).toBe(404);
    }
  },
);
