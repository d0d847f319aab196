import { createServer, type Server } from "node:http";
import { test as base, expect, type FrameLocator, type Page } from "@playwright/test";
import { build } from "esbuild";
import Stripe from "stripe";
import { LAB } from "./create-subscriber";
import type { ShopConfig, Told } from "./shop";

export type { ShopConfig };

export { expect };

/** A shop's own server, with Stripe's unmodified packages in its page, and the SDK its backend has. */
export type Shop = {
  url: string;
  open(page: Page, config: ShopConfig, path?: string): Promise<void>;
  stripe: Stripe;
};

export const test = base.extend<object, { shop: Shop }>({
  shop: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures used from this pattern
    async ({}, use) => {
      const server = await startShop();
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("A TCP server has no port.");
      // Another name than the lab's: to a browser they are two sites.
      const url = `http://localhost:${address.port}`;
      const { hostname: host, port } = new URL(LAB);
      const stripe = new Stripe("sk_test_local", { host, port, protocol: "http" });
      const open = async (page: Page, config: ShopConfig, path = "/endive/stripe.js"): Promise<void> => {
        const query = new URLSearchParams({ config: JSON.stringify(config), script: `${LAB}${path}` });
        await page.goto(`${url}/?${query}`);
      };
      await use({ url, open, stripe });
      server.close();
      server.closeAllConnections();
    },
    { scope: "worker" },
  ],
});

/** The frame with the Payment Element's fields. */
export function cardFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Secure payment input frame"]');
}

export type Card = { number: string; expiry?: string; cvc?: string; zip?: string };

/** Types a card as a person does, key by key. */
export async function typeCard(
  frame: FrameLocator,
  { number, expiry = "1240", cvc = "123", zip = "12345" }: Card,
): Promise<void> {
  await frame.getByLabel("Card number").fill("");
  await frame.getByLabel("Card number").pressSequentially(number);
  await frame.getByLabel("Expiration date").fill("");
  await frame.getByLabel("Expiration date").pressSequentially(expiry);
  await frame.getByLabel("Security code").fill(cvc);
  await frame.getByLabel("Country").selectOption("US");
  await frame.getByLabel("ZIP code").fill(zip);
}

/** What the page's elements have told so far. */
export function told(page: Page): Promise<Told[]> {
  return page.evaluate(() => Reflect.get(window, "told"));
}

async function startShop(): Promise<Server> {
  const { outputFiles } = await build({
    entryPoints: [new URL("./shop.tsx", import.meta.url).pathname],
    bundle: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const script = outputFiles[0]?.text ?? "";
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://shop");
    if (url.pathname === "/shop.js") {
      response.writeHead(200, { "Content-Type": "text/javascript; charset=utf-8" }).end(script);
      return;
    }
    const source = url.searchParams.get("script") ?? "";
    response
      .writeHead(url.pathname === "/favicon.ico" ? 204 : 200, { "Content-Type": "text/html; charset=utf-8" })
      .end(url.pathname === "/" ? pageWith(source) : DONE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

const DONE = `<!doctype html><html lang="en"><title>Done</title><main><h1>Thank you</h1></main></html>`;

function pageWith(script: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title>
<script src="${script.replaceAll('"', "")}"></script></head><body><main id="root"></main><script src="/shop.js"></script></body></html>`;
}
