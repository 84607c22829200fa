// node in_jsdom.cjs PAGE...: prints what axe finds in each page, as JSON. Without a browser there is no layout, so
// that the contrast of colours cannot be judged here.
const { readFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const { source } = require("axe-core");
const { JSDOM, VirtualConsole } = require("jsdom");

// Of the styles only what hides something counts without a layout; to match the others takes most of the time.
const hiding = (style) => style.replace(/@media[^{]*\{([^{}]*\{[^{}]*\})*\s*\}/g, "").match(/[^{}]*\{[^{}]*display: none[^{}]*\}/g).join("");

async function findings(page) {
  const virtualConsole = new VirtualConsole();
  virtualConsole.on("jsdomError", (error) => {
    if (!/not implemented/i.test(error.message)) throw error;
  });
  const { window } = new JSDOM(readFileSync(page, "utf8"), { runScripts: "dangerously", virtualConsole });
  for (const style of window.document.querySelectorAll("style")) style.textContent = hiding(style.textContent);
  window.eval(source);
  window.axe.configure({ rules: [{ id: "color-contrast", enabled: false }] });
  window.eval(readFileSync(join(__dirname, "findings.js"), "utf8"));
  const found = await window.eval("accessibilityFindings()");
  const drawn = window.document.querySelectorAll(".finding .runbook").length;
  window.close();
  return [basename(page), { found, drawn }];
}

(async () => {
  const all = [];
  for (const page of process.argv.slice(2)) all.push(await findings(page));
  process.stdout.write(JSON.stringify(Object.fromEntries(all)));
})();
