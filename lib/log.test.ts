import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addLogFields, log, logError, withLogFields } from "./log";
import { logConsole } from "./log-console";
import { hideSecrets, redactDeep } from "./log-redaction";

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.stubEnv("LOG_LEVEL", "info");
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const last = () => JSON.parse(lines.at(-1) ?? "null");

describe("a line of the log", () => {
  test("is JSON with level, time, event and fields", () => {
    log("info", "request", { path: "/pricing", status: 200 });
    expect(last()).toMatchObject({ level: "info", event: "request", path: "/pricing", status: 200 });
    expect(new Date(last().at).getTime()).not.toBeNaN();
  });

  test.each([
    ["debug", "info", 0],
    ["info", "info", 1],
    ["info", "warn", 0],
    ["error", "silent", 0],
    ["error", "nonsense", 1],
  ] as const)("of level %s under LOG_LEVEL=%s is written %i times", (level, threshold, count) => {
    vi.stubEnv("LOG_LEVEL", threshold);
    log(level, "x");
    expect(lines).toHaveLength(count);
  });

  test("carries what is known of the request, in whatever it starts, and nothing of another request", async () => {
    await Promise.all(
      ["a", "b"].map((id) =>
        withLogFields({ request_id: id }, async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          addLogFields({ customer_id: `customer-${id}` });
          log("info", id);
        }),
      ),
    );
    for (const line of lines.map((text) => JSON.parse(text))) {
      expect(line).toMatchObject({ request_id: line.event, customer_id: `customer-${line.event}` });
    }
    log("info", "outside");
    expect(last()).not.toHaveProperty("request_id");
  });
});

describe("nothing secret reaches the log (V15)", () => {
  test.each([
    "sk_live_51Habcdef",
    "rk_test_abcdefgh",
    "whsec_abcdefgh",
    "re_abcdefgh",
    "tk_platform_abcdefgh",
    "tk_local_free",
    "pi_3abc_secret_xyz",
    "somebody@person.test",
    "first.last+tag@sub.domain.example",
    "Bearer abc.def-ghi",
    "sk-proj-abcdefghijkl",
    "gho_abcdefghijklmnop",
    "GOCSPX-abcdefghijkl",
    "eyJhbGciOiJI.eyJzdWIi.c2lnbmF0dXJl",
    "postgresql://user:hunter2@db.example.com/app",
    "a".repeat(64),
  ])("%s is taken out of texts, messages and stacks", (secret) => {
    log("info", "x", { text: `before ${secret} after` });
    logError("x", new Error(`could not use ${secret}`));
    const written = lines.join("");
    expect(written).not.toContain(secret);
    expect(written).not.toContain("hunter2");
    expect(written).toContain("before");
    expect(written).toContain("after");
  });

  test("what a link grants is taken out of its address, and the address stays", () => {
    log("info", "x", { text: "GET /sign-in/confirm?token=abc123&email=a%40b.test&return_to=/pricing" });
    expect(last().text).toBe("GET /sign-in/confirm?token=[redacted]&email=[redacted]&return_to=/pricing");
  });

  test("a secret of this installation is taken out though nothing in it looks like one", () => {
    hideSecrets(["correct horse battery", "correct horse battery staple", "short"]);
    logError("x", new Error("refused: correct horse battery staple, in short"), {
      text: "correct horse battery",
    });
    hideSecrets([]);
    expect(last()).toMatchObject({ message: "refused: [secret], in short", text: "[secret]" });
    expect(last().stack).not.toContain("horse");
  });

  test("plain data is redacted at any depth", () => {
    const event = { tags: { email: "x" }, frames: [{ vars: { note: "sk_live_abcdef" } }], at: 1, none: null };
    expect(redactDeep(event)).toEqual({
      tags: { email: "[redacted]" },
      frames: [{ vars: { note: "[key]" } }],
      at: 1,
      none: null,
    });
  });

  test("what libraries write to the console goes the same way", () => {
    const original = { ...console };
    logConsole();
    try {
      console.error("⨯", new Error("could not mail somebody@person.test"));
      console.info("%s is %d", "answer", 42);
    } finally {
      Object.assign(console, original);
    }
    const [error, info] = lines.map((line) => JSON.parse(line));
    expect(error).toMatchObject({ level: "error", event: "console" });
    expect(error.text).toMatch(/could not mail \[address\]\n\s+at /);
    expect(info).toMatchObject({ level: "info", text: "answer is 42" });
  });

  test.each(["client_secret", "authorization", "cookie", "email", "api_key", "sessionToken"])(
    "whatever the member %s holds is not written",
    (name) => {
      log("info", "x", { [name]: "harmless looking" });
      expect(lines.join("")).not.toContain("harmless");
    },
  );

  test("ids stay: they are what one searches by", () => {
    log("info", "x", { text: "cus_NffrFeUfNV2Hib sub_1MowQV 01a1fc09-ae51-733d-a6be-04b5ffbc2366 evt_1" });
    expect(last().text).toBe("cus_NffrFeUfNV2Hib sub_1MowQV 01a1fc09-ae51-733d-a6be-04b5ffbc2366 evt_1");
  });
});
