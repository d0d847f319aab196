import { expect, test } from "vitest";
import { apiKeyState, isApiKeyLive } from "./api-key-state";

const NOW = new Date("2026-03-10T12:00:00.000Z");
const BEFORE = new Date("2026-03-10T11:59:59.999Z");
const AFTER = new Date("2026-03-10T12:00:00.001Z");

test.each([
  ["no end", { expiresAt: null, revokedAt: null, replacedById: null }, "active", true],
  ["the last millisecond", { expiresAt: AFTER, revokedAt: null, replacedById: null }, "active", true],
  ["its expiry itself", { expiresAt: NOW, revokedAt: null, replacedById: null }, "expired", false],
  ["past its expiry", { expiresAt: BEFORE, revokedAt: null, replacedById: null }, "expired", false],
  ["overlap under way", { expiresAt: AFTER, revokedAt: null, replacedById: "k" }, "rotating", true],
  ["overlap over", { expiresAt: BEFORE, revokedAt: null, replacedById: "k" }, "expired", false],
  ["revoked before expiry", { expiresAt: AFTER, revokedAt: BEFORE, replacedById: null }, "revoked", false],
] as const)("a key with %s is %s", (_, key, state, isLive) => {
  expect(apiKeyState(key, NOW)).toBe(state);
  expect(isApiKeyLive(key, NOW)).toBe(isLive);
});
