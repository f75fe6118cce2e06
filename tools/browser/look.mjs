// Opens a page in headless Chromium at a width in pixels and prints, as JSON, what a reader gets.
// node look.mjs BROWSER PAGE WIDTH PICTURE
//
// Through the DevTools protocol, for Chromium's own --screenshot never ends in a container.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [browser, page, width, picture] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "look-"));
const flags = [
  "--headless=shell", "--single-process", "--no-zygote", "--no-sandbox", "--disable-gpu",
  "--use-gl=disabled", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
  "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank",
];
const chromium = spawn(resolve(browser, "chromium"), flags, {
  env: {
    HOME: profile,
    PATH: process.env.PATH,
    LD_LIBRARY_PATH: `${resolve(browser, "al2023/lib")}:${resolve(browser, "swiftshader")}`,
    FONTCONFIG_PATH: resolve(browser, "fonts"),
  },
  stdio: ["ignore", "ignore", "pipe"],
});

/** The address that Chromium says it listens at. */
const address = () =>
  new Promise((done, fail) => {
    let said = "";
    chromium.on("exit", (code) => fail(new Error(`chromium ended (${code}): ${said}`)));
    chromium.stderr.on("data", (part) => {
      said += part;
      const found = said.match(/DevTools listening on ws:\/\/([^/]+)\//);
      if (found) done(found[1]);
    });
  });

/** A function that has Chromium do something in its one tab. */
const connect = async (host) => {
  const tabs = await (await fetch(`http://${host}/json/list`)).json();
  const socket = new WebSocket(tabs.find((tab) => tab.type === "page").webSocketDebuggerUrl);
  await new Promise((done) => socket.addEventListener("open", done));
  const open = new Map();
  const loaded = new Promise((done) => open.set("Page.loadEventFired", done));
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    open.get(message.id ?? message.method)?.(message);
  });
  let number = 0;
  const call = (method, params = {}) =>
    new Promise((done, fail) => {
      number += 1;
      open.set(number, ({ result, error }) => (error ? fail(new Error(error.message)) : done(result)));
      socket.send(JSON.stringify({ id: number, method, params }));
    });
  return { call, loaded };
};

const MEASURE = `(() => {
  const texts = [...document.querySelectorAll("svg text")];
  return {
    title: document.title,
    width: document.documentElement.scrollWidth,
    fontPixels: parseFloat(getComputedStyle(document.body).fontSize),
    pictures: document.querySelectorAll("svg[role=img]").length,
    textsOutsideTheirPicture: texts.filter((text) => {
      const inner = text.getBoundingClientRect();
      const outer = text.ownerSVGElement.getBoundingClientRect();
      return inner.right > outer.right || inner.left < outer.left || !inner.width;
    }).length,
    scripts: document.scripts.length,
    visible: document.body.innerText,
  };
})()`;

try {
  const { call, loaded } = await connect(await address());
  await call("Page.enable");
  const size = { width: Number(width), height: 844, deviceScaleFactor: 1, mobile: true };
  await call("Emulation.setDeviceMetricsOverride", size);
  await call("Page.navigate", { url: pathToFileURL(page).href });
  await loaded;
  const { result } = await call("Runtime.evaluate", { expression: MEASURE, returnByValue: true });
  const shot = await call("Page.captureScreenshot", { captureBeyondViewport: true });
  writeFileSync(picture, Buffer.from(shot.data, "base64"));
  console.log(JSON.stringify(result.value));
} finally {
  chromium.removeAllListeners("exit");
  const ended = new Promise((done) => chromium.on("exit", done));
  chromium.kill("SIGKILL");
  await ended;
  rmSync(profile, { recursive: true, force: true });
}
process.exit(0);
