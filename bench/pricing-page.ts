import { Agent, request } from "node:http";
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { withAppUnderTest } from "@/scripts/app-under-test";
import { ensureBrowser } from "@/scripts/browser.mjs";
import type { BenchOptions } from "./bench-options";

const FULL_ROUNDS = 9;
const SHORT_ROUNDS = 3;
const REQUESTS = 200;
const PAINTS = 5;
/** Lighthouse's slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up; and a processor four times slower. */
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_638_400 / 8,
  uploadThroughput: 768_000 / 8,
};
const CPU_SLOWDOWN = 4;

const PLAINEST = "/offline";
const PRICING = "/pricing";

/**
 * What the pricing page costs: the server's time for it against the plainest page of the same build, in turns; the script
 * that a browser loads for it; and how soon a slow telephone has painted it.
 */
export async function benchPricingPage({ isShort }: BenchOptions): Promise<void> {
  await withAppUnderTest({}, async (baseUrl) => {
    await measureServer(baseUrl, isShort ? SHORT_ROUNDS : FULL_ROUNDS);
    await measureBrowser(baseUrl);
  });
}

async function measureServer(baseUrl: string, rounds: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const measure = (path: string) => medianTime(() => get(baseUrl, agent, path));
  for (const path of [PLAINEST, PRICING]) await measure(path);
  const ratios: number[] = [];
  console.log(`pricing page: ${rounds} rounds of ${REQUESTS} requests each, one after the other, in turns`);
  for (let round = 0; round < rounds; round += 1) {
    // Who goes first changes, so that neither always finds the other's leavings.
    const isPlainFirst = round % 2 === 0;
    const first = await measure(isPlainFirst ? PLAINEST : PRICING);
    const second = await measure(isPlainFirst ? PRICING : PLAINEST);
    const [plain, pricing] = isPlainFirst ? [first, second] : [second, first];
    ratios.push(pricing / plain);
    console.log(
      `  ${PLAINEST} ${plain.toFixed(2)} ms, ${PRICING} ${pricing.toFixed(2)} ms, ${(pricing / plain).toFixed(2)}×`,
    );
  }
  ratios.sort((a, b) => a - b);
  const [lowest = 0, highest = 0] = [ratios[0], ratios.at(-1)];
  console.log(
    `  server time: median ${median(ratios).toFixed(2)}× (lowest ${lowest.toFixed(2)}×, highest ${highest.toFixed(2)}×)`,
  );
  agent.destroy();
}

async function measureBrowser(baseUrl: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: await ensureBrowser(),
    args: ["--no-sandbox"],
  });
  try {
    for (const path of [PLAINEST, PRICING]) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const scripts: Promise<number>[] = [];
      page.on("response", (response) => {
        if (response.request().resourceType() === "script")
          scripts.push(response.body().then((body) => gzipSync(body).length));
      });
      await page.goto(`${baseUrl}${path}`, { waitUntil: "networkidle" });
      const sizes = await Promise.all(scripts);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      console.log(`  script on ${path}: ${(total / 1000).toFixed(1)} kB gzip in ${sizes.length} files`);
      await context.close();
    }
    const paints: number[] = [];
    for (let count = 0; count < PAINTS; count += 1) {
      const context = await browser.newContext({ viewport: { width: 375, height: 812 }, isMobile: true });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Network.emulateNetworkConditions", SLOW_4G);
      await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
      await page.goto(`${baseUrl}${PRICING}`, { waitUntil: "networkidle" });
      paints.push(await page.evaluate(largestPaint));
      await context.close();
    }
    console.log(
      `  largest paint on a slow telephone: median ${median(paints).toFixed(0)} ms of ${PAINTS} visits`,
    );
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
function largestPaint(): Promise<number> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
      type: "largest-contentful-paint",
      buffered: true,
    });
  });
}

async function medianTime(call: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < REQUESTS; count += 1) {
    const before = performance.now();
    await call();
    times.push(performance.now() - before);
  }
  return median(times);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** An answer that is not 200 breaks the run: a refusal is no figure. */
function get(baseUrl: string, agent: Agent, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(new URL(path, baseUrl), { agent, headers: { accept: "text/html" } }, (response) => {
      response.resume();
      response.once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${path} answered ${response.statusCode}`));
      });
    })
      .once("error", reject)
      .end();
  });
}
