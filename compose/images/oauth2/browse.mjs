#!/usr/bin/env node
// browse DEED [ARGUMENT]...: a person at a real Chromium, driven by Playwright. Each time a new browser with an empty memory.
import { createSocket } from "node:dgram";
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

const APP = "https://app.example.test";

async function login(page, leave) {
  await page.goto(`${APP}/login`);
  await signIn(page, "alice", "wonderland", leave);
  await page.waitForURL(`${APP}/orders`);
}

// What a person reads off the television's screen: a datagram asks until one with the code comes back.
const read = () => new Promise((resolve) => {
  const eyes = createSocket("udp4");
  const look = setInterval(() => eyes.send("?", 7777, "tv.example.test"), 300);
  eyes.on("message", (text) => { clearInterval(look); eyes.close(); resolve(text.toString()); });
});

const deeds = {
  login: (page) => login(page, []),
  // Whether she gets in is the application's affair: the error page is an end too.
  async attempt(page) {
    await page.goto(`${APP}/login`);
    await signIn(page);
    await page.waitForURL((url) => ["/finish", "/orders"].includes(url.pathname));
  },
  async scope(page, ...leave) {
    await login(page, leave);
    await page.click("button");
    await page.waitForSelector("h1:has-text('rdered')");
  },
  async spa(page) {
    await page.goto("https://spa.example.test/");
    await signIn(page);
    await page.waitForFunction(() => document.title === "Done");
    const client = await page.context().newCDPSession(page);
    const { entries } = await client.send("Page.getNavigationHistory");
    for (const { url } of entries) console.log(`history: ${url}`);
  },
  open: (page, address) => page.goto(address),
  async device(page) {
    const code = await read();
    await page.goto("https://login.example.test/device");
    await page.fill("[name=user_code]", code);
    await Promise.all([page.waitForNavigation(), page.click("[type=submit]")]);
    await page.click("[type=submit]");
    await signIn(page);
    await page.waitForSelector("h1:has-text('Success')");
  },
};

try {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  await deeds[deed](page, ...words);
  console.log((await page.innerText("body")).trim());
} finally {
  await browser.close();
}
