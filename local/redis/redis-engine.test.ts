import { expect, test } from "vitest";

import { createRedisEngine } from "./redis-engine";

test("transactions that arrive together take turns, and one that is refused spoils no other", async () => {
  const engine = createRedisEngine();
  const [first, refused, second, alone] = await Promise.all([
    engine.transact([
      ["INCR", "n"],
      ["INCR", "n"],
    ]),
    engine.transact([["SET", "n", "0"], ["NONSENSE"]]),
    engine.transact([
      ["INCR", "n"],
      ["GET", "n"],
    ]),
    engine.run(["PING"]),
  ]);
  expect(first).toMatchObject({ items: [{ value: 1n }, { value: 2n }] });
  expect(refused).toMatchObject({ kind: "error", code: "EXECABORT" });
  expect(second).toMatchObject({ items: [{ value: 3n }, { value: Buffer.from("3") }] });
  expect(alone).toMatchObject({ value: "PONG" });
  engine.close();
});
