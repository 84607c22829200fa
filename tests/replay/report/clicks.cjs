// node clicks.cjs PAGE: uses the report as a person would, and prints what it then shows, as JSON.
const { readFileSync } = require("node:fs");
const { JSDOM } = require("jsdom");

const { window } = new JSDOM(readFileSync(process.argv[2], "utf8"), {
  runScripts: "dangerously",
  // What jsdom lacks of a browser.
  beforeParse(made) {
    made.Element.prototype.scrollIntoView = () => {};
    made.URL.createObjectURL = (blob) => ((made.saved = blob), "blob:saved");
    made.URL.revokeObjectURL = () => {};
    made.HTMLAnchorElement.prototype.click = function () {
      made.savedAs = this.download;
    };
  },
});
const { document } = window;
const shown = () => [...document.querySelectorAll(".finding")].filter((card) => !card.hidden).map((card) => card.dataset.key);
const filtered = (kind, value) => {
  const input = document.querySelector(`[data-filter="${kind}"]`);
  const choose = (chosen) => {
    input.value = chosen;
    input.dispatchEvent(new window.Event("input"));
  };
  choose(value);
  const found = shown();
  choose("");
  return found;
};

(async () => {
  const card = document.querySelector('[data-key="logon-failed-network"]');
  card.open = true;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const button = (text) => [...card.querySelectorAll("button")].find((each) => each.textContent === text);
  const rows = () => card.querySelectorAll(".records tbody tr:not(.all)").length;
  const result = {
    happened: card.querySelector("[data-happened]").textContent,
    severity: filtered("severity", "critical"),
    family: filtered("family", "account"),
    attack: filtered("attack", "T1136"),
    host: filtered("host", "web-02.example.com"),
    text: filtered("text", "203.0.113.9"),
    nothing: filtered("text", "no such text"),
    rows: [rows()],
  };
  button("203.0.113.9").click();
  result.yaml = card.querySelector(".yaml pre").textContent;
  result.cut = [...card.querySelectorAll(".records td button")].filter((each) => each.textContent.endsWith("…")).length;
  button("Next").click();
  result.rows.push(rows());
  button("Save as CSV").click();
  const reader = new window.FileReader();
  reader.onload = () => {
    result.csv = reader.result;
    result.savedAs = window.savedAs;
    process.stdout.write(JSON.stringify(result));
    window.close();
  };
  reader.readAsText(window.saved);
})();
