import { expect, signInAsNewPerson, test } from "./test";

test("a key is made, shown once, used, rotated with overlap, and revoked", async ({ page, freshEmail }) => {
  await signInAsNewPerson(page, freshEmail, "/account/api-keys");
  await expect(page.getByText("No keys yet")).toBeVisible();

  await page.getByLabel("Name").fill("Production server");
  for (const scope of ["Record usage", "Read usage and limits"])
    await expect(page.getByRole("checkbox", { name: scope })).toBeChecked();
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copy your new key now" })).toBeVisible();
  const newKey = page.locator("pre code");
  const key = (await newKey.textContent()) ?? "";
  expect(key).toMatch(/^tk_[A-Za-z0-9]{32}$/);
  const usage = (bearer: string) =>
    page.request.get("/api/v1/billing/usage", { headers: { authorization: `Bearer ${bearer}` } });
  expect((await usage(key)).status()).toBe(200);

  await page.reload();
  const row = page.getByRole("row", { name: /Production server/ });
  await expect(row).toContainText("Active");
  await expect(row).toContainText(key.slice(-4));
  expect(await page.content()).not.toContain(key);

  await row.getByRole("button", { name: "Rotate Production server" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("The old key ends").selectOption("24");
  await dialog.getByRole("button", { name: "Make the new key" }).click();
  await expect(dialog.getByText("Copy your new key now")).toBeVisible();
  const replacement = (await dialog.locator("pre code").textContent()) ?? "";
  expect(replacement).not.toBe(key);
  await dialog.getByRole("button", { name: "Done" }).click();
  expect((await usage(key)).status()).toBe(200);
  expect((await usage(replacement)).status()).toBe(200);

  const rotated = page.getByRole("row", { name: /Replaced, still works/ });
  await rotated.getByRole("button", { name: "Revoke Production server" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("row", { name: /Revoked/ })).toBeVisible();
  expect((await usage(key)).status()).toBe(401);
  expect((await usage(replacement)).status()).toBe(200);
});

test("what is wrong with a new key stands beside its field, and nothing typed is lost", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/account/api-keys");
  await page.getByLabel("Name").fill("Reader");
  for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.getByText("Choose at least one thing the key may do")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("Reader");
});

test("a platform admin makes a platform key, and a back end works with it for a customer of its own", async ({
  page,
}) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /admin@demo\.test/ }).click();
  await page.waitForURL("**/account/billing");
  await page.goto("/admin/api-keys");
  await page.getByLabel("Name").fill(`Back end ${Date.now()}`);
  await page.getByRole("checkbox", { name: "Create and update customers" }).check();
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.getByText("Copy your new key now")).toBeVisible();
  const key = (await page.locator("pre code").textContent()) ?? "";
  expect(key).toMatch(/^tk_platform_[A-Za-z0-9]{32}$/);

  const externalId = `user-${Date.now()}`;
  const authorization = `Bearer ${key}`;
  const made = await page.request.put(`/api/v1/customers/${externalId}`, {
    headers: { authorization },
    data: { name: "Ada", email: "ada@adopter.test" },
  });
  expect(made.status()).toBe(201);
  const recorded = await page.request.post("/api/v1/billing/usage/record", {
    headers: { authorization, "tollkeeper-external-customer": externalId, "idempotency-key": "first" },
    data: { meter: "ai_requests", quantity: 1 },
  });
  expect(recorded.status()).toBe(200);
});
