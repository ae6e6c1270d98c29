#!/usr/bin/env node
// browse DEED [ARGUMENT]...: a person at a real Chromium, driven by Playwright. Each time a new browser with an empty memory.
import { chromium } from "playwright-core";

const [, , deed, ...words] = process.argv;
const LIMIT = 15000; // ms that anything may take

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium-headless-shell",
  // Its own sandbox needs rights that this node does not have; the container is the sandbox.
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic"],
  env: { ...process.env, SSLKEYLOGFILE: "/run/oauth2/keys.log" },
});

async function signIn(page, name = "alice", password = "wonderland", leave = []) {
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", password);
  for (const scope of leave) await page.uncheck(`[value="${scope}"]`);
  await page.click("button");
}

const deeds = {
  async login(page) {
    await page.goto("https://app.example.test/login");
    await signIn(page);
    await page.waitForURL("https://app.example.test/orders");
    console.log(await page.textContent("body"));
  },
};

try {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  await deeds[deed](page, ...words);
} finally {
  await browser.close();
}
