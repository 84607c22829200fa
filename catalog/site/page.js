// Draws the views from the data of the page: the events, the ATT&CK matrix, the compliance frameworks.
(() => {
  const isWatched = (event) => !data.isDeployment || event.accounts.length > 0;
  // Controls that every event, or every alarm, answers to say nothing of one.
  const general = new Set(data.controls.filter(([, , , isGeneral]) => isGeneral).map(([framework, id]) => `${framework} ${id}`));
  const views = ["events", "attack", "compliance"];

  const both = (english, japanese, tag = "span") => [
    element(tag, { class: "en" }, english),
    element(tag, { class: "ja", lang: "ja" }, japanese || english),
  ];
  const outside = (address, text) => element("a", { href: address, rel: "noreferrer" }, text);
  const technique = (id) => outside(`https://attack.mitre.org/techniques/${id.replace(".", "/")}/`, id);
  const base = (id) => id.split(".")[0];

  // What an event can be filtered by: the values that it has, and how a choice names them.
  const FILTERS = [
    ["family", "Family", (event) => [event.family]],
    ["severity", "Severity", (event) => [event.severity]],
    ["pack", "Pack", (event) => event.packs],
    ["channel", "Event log", (event) => [event.channel]],
    ["attack", "ATT&CK", (event) => [...new Set([...event.attack, ...event.attack.map(base)])]],
    ["engine", "Engine", (event) => event.engines],
    ["evidence", "Evidence", (event) => [event.evidence]],
    ["control", "Compliance", (event) => event.controls],
    ...(data.isDeployment ? [["account", "Account", (event) => event.accounts.length ? event.accounts : ["not watched"]]] : []),
  ];
  const words = new Map(data.events.map((event) => [event.key, JSON.stringify([
    event.key, event.title, event.title_ja, event.runbook, event.runbook_ja, event.provider, event.patterns, event.metric_name,
  ]).toLowerCase()]));

  function details(event) {
    const facts = [
      ["Event", `${event.event_ids.join(", ")} in ${event.channel}, by ${event.provider}`],
      ["Alarm", event.rule ? `at ${event.rule}` : "metric only"],
      ["Engines", event.engines.join(", ")],
      ["Packs", event.packs.join(", ") || "none: name the event in a deployment"],
      ["Evidence", event.evidence],
      ["Records a day", `about ${event.records_a_day} on a busy server`],
      ["Where", event.domain_controllers_only ? "domain controllers only" : "every server"],
      ["Metric", event.metric_name],
      ["Compliance", event.controls.filter((each) => !general.has(each)).join(", ")],
    ];
    if (event.accounts) facts.push(["Watched in", event.accounts.join(", ") || "no account"]);
    const list = element("dl");
    for (const [name, text] of facts) if (text) list.append(element("dt", {}, name), element("dd", {}, text));
    const links = element("p", { class: "links" }, ...event.attack.flatMap((id) => [technique(id), " "]));
    if (event.reference) links.append(outside(event.reference, "Microsoft's documentation"));
    const block = (title, text) => text ? [element("h3", {}, title), element("pre", { tabindex: "0" }, text)] : [];
    const audit = event.audit ? `${event.audit.subcategory}, ${event.audit.success ? "success" : ""}${event.audit.success && event.audit.failure ? " and " : ""}${event.audit.failure ? "failure" : ""}` : "";
    return element("div", { class: "details" },
      element("div", { class: "runbook" }, element("h3", {}, "What to do"), ...both(event.runbook, event.runbook_ja, "p")),
      event.healthy ? element("p", {}, element("b", {}, "On a healthy server: "), event.healthy) : "",
      event.note ? element("p", {}, element("b", {}, "Note: "), event.note) : "",
      list, links,
      ...block(event.patterns.length === 1 ? "Filter pattern" : "Filter patterns", event.patterns.join("\n")),
      ...block("Logs Insights query", event.insights_query),
      ...(audit ? [element("h3", {}, `Audit policy: ${audit}`), element("pre", { tabindex: "0" }, event.commands.join("\n")), element("p", { class: "muted" }, event.noise)] : []),
      ...event.prerequisites.map((each) => element("p", {}, element("b", {}, `${each.title}: `), each.manually)),
      ...event.samples.flatMap(([name, text]) => block(`Sample: ${name}`, text)),
      event.near_misses.length ? element("p", { class: "muted" }, `Near misses that it must not find: ${event.near_misses.join(", ")}`) : "");
  }

  const cards = new Map();
  function card(event) {
    const summary = element("summary", {},
      element("span", { class: `severity ${event.severity}` }, event.severity),
      element("span", { class: "name" }, element("b", {}, ...both(event.title, event.title_ja)), element("code", {}, event.key)),
      element("span", { class: "id" }, `${event.event_ids[0]} `, element("span", { class: "muted" }, event.channel.replace("Microsoft-Windows-", ""))));
    const made = element("details", { class: "card finding", id: event.key }, summary);
    const fill = () => made.open && made.childElementCount === 1 && made.append(details(event));
    made.addEventListener("toggle", fill);
    made.fill = fill;
    cards.set(event.key, made);
    return made;
  }

  const inputs = new Map();
  const total = element("p", { class: "muted", "aria-live": "polite" });
  const none = element("p", { class: "card muted", hidden: "" }, "No event is like that.");
  function filter() {
    const text = inputs.get("text").value.trim().toLowerCase();
    let shown = 0;
    for (const event of data.events) {
      const wanted = FILTERS.every(([kind, , values]) => !inputs.get(kind).value || values(event).includes(inputs.get(kind).value));
      const found = /^\d+$/.test(text) ? event.event_ids.includes(Number(text)) : words.get(event.key).includes(text);
      cards.get(event.key).hidden = !(wanted && (!text || found));
      shown += wanted && (!text || found) ? 1 : 0;
    }
    total.textContent = counted(shown, "event");
    none.hidden = shown > 0;
  }
  function drawEvents() {
    const form = element("form", { class: "filters", role: "search" });
    const label = (kind, name, input) => {
      inputs.set(kind, input);
      input.addEventListener("input", filter);
      form.append(element("label", {}, name, input));
    };
    label("text", "Text, or an event id", element("input", { type: "search", placeholder: "4625, lockout, ログオン" }));
    for (const [kind, name, values] of FILTERS) {
      const options = [...new Set(data.events.flatMap(values))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
      const ordered = kind === "severity" ? data.severities.filter((each) => options.includes(each)) : options;
      label(kind, name, element("select", {}, element("option", { value: "" }, "all"), ...ordered.map((each) => element("option", {}, each))));
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("events").append(form, total, ...data.events.map(card), none);
    filter();
  }
  function choose(kind, value) {
    for (const input of inputs.values()) input.value = "";
    inputs.get(kind).value = value;
    filter();
    location.hash = "#events";
  }

  function drawAttack() {
    const counts = new Map();
    for (const event of data.events.filter(isWatched)) {
      for (const id of new Set(event.attack.map(base))) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const most = Math.max(1, ...counts.values());
    const columns = data.tactics.map((tactic) => {
      const column = element("div", { class: "tactic" }, element("h3", {}, tactic.replaceAll("-", " ")));
      for (const [id, name, tactics] of data.techniques) {
        if (!tactics.split(",").includes(tactic)) continue;
        const count = counts.get(id) ?? 0;
        const level = count ? Math.max(1, Math.ceil((4 * Math.log(count + 1)) / Math.log(most + 1))) : 0;
        const made = element("button", { type: "button", class: `technique level-${level}` }, element("b", {}, id), ` ${name} `, element("span", { class: "count" }, counted(count, "event")));
        made.addEventListener("click", () => choose("attack", id));
        column.append(made);
      }
      return column;
    });
    const what = data.isDeployment ? "The stronger the colour, the more events of this deployment; without colour: not watched." : "The stronger the colour, the more events.";
    document.getElementById("attack").append(element("p", { class: "muted" }, `${what} Techniques without an event in the catalog are not shown.`), element("div", { class: "matrix" }, ...columns));
  }

  function drawCompliance() {
    const place = document.getElementById("compliance");
    place.append(element("p", { class: "muted" }, "What the events contribute to a control, in our own words. A control asks for more, such as for people who read what is reported."));
    for (const framework of new Set(data.controls.map(([name]) => name))) {
      const body = element("tbody");
      for (const [, id, asks, , notAudited] of data.controls.filter(([name]) => name === framework)) {
        const answering = data.events.filter((event) => event.controls.includes(`${framework} ${id}`));
        const watched = answering.filter(isWatched);
        const link = element("button", { type: "button" }, counted(watched.length, "event"));
        link.addEventListener("click", () => choose("control", `${framework} ${id}`));
        const missing = watched.length && notAudited.length ? element("p", { class: "muted" }, `${notAudited.join(" and ")} not audited`) : "";
        const answer = answering.length ? [link, missing] : [element("span", { class: "muted" }, "none")];
        body.append(element("tr", {}, element("td", { class: "number" }, id), element("td", {}, asks), element("td", {}, ...answer)));
      }
      const head = element("tr", {}, ...["Control", "Asks for", data.isDeployment ? "Watched" : "Events"].map((name) => element("th", { scope: "col" }, name)));
      place.append(element("h2", {}, framework), element("div", { class: "card scroll", tabindex: "0" }, element("table", {}, element("thead", {}, head), body)));
    }
  }

  function follow() {
    const wanted = decodeURIComponent(location.hash.slice(1)) || "events";
    const view = views.includes(wanted) ? wanted : "events";
    for (const each of views) document.getElementById(each).hidden = each !== view;
    for (const link of document.querySelectorAll("nav a")) link.toggleAttribute("aria-current", link.hash === `#${view}`);
    const opened = cards.get(wanted);
    if (!opened) return;
    opened.hidden = false;
    opened.open = true;
    opened.fill();
    opened.scrollIntoView();
  }

  drawEvents();
  drawAttack();
  drawCompliance();
  addEventListener("hashchange", follow);
  follow();
})();
