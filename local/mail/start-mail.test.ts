import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Resend } from "resend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { LocalService } from "@/local/service";

import { startMail } from "./start-mail";

const MAIL = {
  from: "Tollkeeper <billing@tollkeeper.test>",
  to: "ann@example.com",
  subject: "Hello",
  html: "<p>Hi</p>",
};
type Entry = { id: string; to: string[]; subject: string; html: string | null; text: string | null };

let dataDir: string;
let service: LocalService;
let resend: Resend;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tollkeeper-mail-"));
  await start();
});

afterEach(async () => {
  vi.useRealTimers();
  await service.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  service = await startMail({ port: 0, dataDir });
  vi.stubEnv("RESEND_BASE_URL", service.url);
  resend = new Resend("re_local");
}

async function inbox(query = ""): Promise<Entry[]> {
  // The cast holds: a wrong shape fails the assertions on it.
  return (await (await fetch(`${service.url}/inbox${query}`)).json()) as Entry[];
}

async function page(path: string): Promise<string> {
  return (await fetch(service.url + path)).text();
}

describe("the resend package", () => {
  test("sends a mail that lands in the inbox of its recipient", async () => {
    const { data, error } = await resend.emails.send({ ...MAIL, to: ["Ann <Ann@Example.com>"], text: "Hi" });
    expect(error).toBeNull();
    expect(await inbox("?to=ann@example.com")).toMatchObject([
      { id: data?.id, subject: "Hello", text: "Hi" },
    ]);
    expect(await inbox("?to=an@example.com")).toEqual([]);
  });

  test("reads back what was sent", async () => {
    const sent = await resend.emails.send({ ...MAIL, replyTo: "help@tollkeeper.test" });
    const { data } = await resend.emails.get(sent.data?.id ?? "");
    expect(data).toMatchObject({
      object: "email",
      to: ["ann@example.com"],
      html: "<p>Hi</p>",
      last_event: "delivered",
    });
    expect(data?.reply_to).toEqual(["help@tollkeeper.test"]);
    expect((await resend.emails.get("missing")).error).toMatchObject({ name: "not_found", statusCode: 404 });
  });

  test("sends a batch, all or nothing", async () => {
    const { data } = await resend.batch.send([MAIL, { ...MAIL, to: "ben@example.com" }]);
    expect(data?.data).toHaveLength(2);
    const refused = await resend.batch.send([MAIL, { ...MAIL, to: "nobody" }]);
    expect(refused.error?.statusCode).toBe(422);
    expect(await inbox()).toHaveLength(2);
  });

  test("sends the good mails of a permissive batch and lists the others", async () => {
    const { data } = await resend.batch.send([{ ...MAIL, to: "nobody" }, MAIL], {
      batchValidation: "permissive",
    });
    expect(data).toMatchObject({ data: [{}], errors: [{ index: 0 }] });
    expect(await inbox()).toHaveLength(1);
  });

  test("sends once under one idempotency key, and refuses the key for another mail", async () => {
    const once = () => resend.emails.send(MAIL, { idempotencyKey: "welcome/1" });
    const answers = await Promise.all([once(), once(), once()]);
    expect(new Set(answers.map((answer) => answer.data?.id)).size).toBe(1);
    const other = await resend.emails.send({ ...MAIL, subject: "Other" }, { idempotencyKey: "welcome/1" });
    expect(other.error).toMatchObject({ name: "invalid_idempotent_request", statusCode: 409 });
    expect(await inbox()).toHaveLength(1);
  });

  test("forgets an idempotency key after 24 hours, not a moment before", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const once = () => resend.emails.send(MAIL, { idempotencyKey: "welcome/1" });
    await once();
    vi.setSystemTime(Date.now() + 24 * 3600 * 1000 - 1);
    await once();
    expect(await inbox()).toHaveLength(1);
    vi.setSystemTime(Date.now() + 1);
    await once();
    expect(await inbox()).toHaveLength(2);
  });

  test.each([
    ["no sender", { from: "" }, "missing_required_field"],
    ["no recipient", { to: [] }, "missing_required_field"],
    ["no subject", { subject: "" }, "missing_required_field"],
    ["no content", { html: "" }, "validation_error"],
    ["a bad recipient", { to: "ann@" }, "validation_error"],
    ["a bad sender", { from: "Tollkeeper" }, "validation_error"],
    ["51 recipients", { to: Array.from({ length: 51 }, (_, n) => `u${n}@example.com`) }, "validation_error"],
    ["a tag with a space", { tags: [{ name: "a b", value: "c" }] }, "validation_error"],
  ])("refuses a mail with %s", async (_case, change, name) => {
    const { error } = await resend.emails.send({ ...MAIL, ...change });
    expect(error).toMatchObject({ name, statusCode: 422 });
    expect(await inbox()).toEqual([]);
  });

  test("refuses a wrong or missing key, and a key that is too long", async () => {
    expect((await new Resend("re_other").emails.send(MAIL)).error).toMatchObject({ name: "invalid_api_key" });
    const bare = await fetch(`${service.url}/emails`, { method: "POST", body: JSON.stringify(MAIL) });
    expect([bare.status, await bare.json()]).toMatchObject([401, { name: "missing_api_key" }]);
    const long = await resend.emails.send(MAIL, { idempotencyKey: "k".repeat(257) });
    expect(long.error).toMatchObject({ name: "invalid_idempotency_key", statusCode: 400 });
  });
});

describe("the inbox", () => {
  test("survives a restart, a line cut off by a crash included", async () => {
    await resend.emails.send(MAIL, { idempotencyKey: "welcome/1" });
    await service.close();
    appendFileSync(join(dataDir, "mails.jsonl"), '{"mail":{"id":"cut');
    await start();
    expect(await inbox()).toHaveLength(1);
    await resend.emails.send(MAIL, { idempotencyKey: "welcome/1" });
    expect(await inbox()).toHaveLength(1);
  });

  test("keeps the newest 1,000 mails, newest first", async () => {
    for (let batch = 0; batch < 11; batch++) {
      await resend.batch.send(Array.from({ length: 100 }, (_, n) => ({ ...MAIL, subject: `${batch}-${n}` })));
    }
    const mails = await inbox();
    expect(mails).toHaveLength(1000);
    expect([mails[0]?.subject, mails[999]?.subject]).toEqual(["10-99", "1-0"]);
  });

  test("can be emptied, for one recipient or for all", async () => {
    await resend.batch.send([MAIL, { ...MAIL, to: "ben@example.com" }]);
    await fetch(`${service.url}/inbox?to=ann@example.com`, { method: "DELETE" });
    expect(await inbox()).toMatchObject([{ to: ["ben@example.com"] }]);
    await fetch(`${service.url}/inbox`, { method: "DELETE" });
    expect(await inbox()).toEqual([]);
  });

  test("shows the list and the mail, and writes no mark-up of the sender into its own page", async () => {
    const { data } = await resend.emails.send({
      ...MAIL,
      subject: "<script>alert(1)</script>",
      text: "Plain words",
    });
    expect(await page("/?to=ann@example.com")).toContain("&#60;script&#62;alert(1)");
    expect(await page("/")).toContain("Nothing is sent");
    expect(await page(`/mails/${data?.id}`)).not.toContain("<script>alert");
    expect(await page(`/mails/${data?.id}?view=text`)).toContain("Plain words");
    expect(await page(`/mails/${data?.id}?view=headers`)).toContain(
      "From: Tollkeeper &#60;billing@tollkeeper.test&#62;",
    );
  });

  test("frames the mail so that its scripts are dead and its links leave the frame", async () => {
    const { data } = await resend.emails.send({ ...MAIL, html: "<html><head></head><body>Hi</body></html>" });
    const response = await fetch(`${service.url}/mails/${data?.id}/html`);
    expect(await response.text()).toBe('<html><head><base target="_top"></head><body>Hi</body></html>');
    const policy = response.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("sandbox allow-popups");
    expect(policy).not.toContain("allow-scripts");
  });

  test("answers only to a name of this machine", async () => {
    const status = await new Promise((resolve) => {
      request(`${service.url}/inbox`, { headers: { host: "evil.example:8025" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });
});
