// Fills each card as it is opened, and filters the cards.
(() => {
  const cards = [...document.querySelectorAll(".finding")];
  const PAGE = 25;

  const time = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
  const button = (text, act, attributes = {}) => {
    const made = element("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", act);
    return made;
  };

  // What happened, in a sentence: how often, where, by whom, from where.
  function happened(card) {
    const { accounts, addresses, servers } = card.names;
    const some = ([most, all], noun, nouns) => {
      if (!all) return "";
      const [name, count] = most[0];
      return all === 1 ? `${noun} ${name}` : `${number(all)} ${nouns}, most by ${name} (${number(count)})`;
    };
    const on = servers[1] === 1 ? `on ${servers[0][0][0]}` : servers[1] ? `on ${number(servers[1])} servers, most on ${servers[0][0][0]} (${number(servers[0][0][1])})` : "";
    const who = some(accounts, "account", "accounts");
    const from = some(addresses, "from", "addresses").replace("most by", "most from");
    return `${[`${counted(card.matches, "record")} ${on}`.trim(), who, from].filter(Boolean).join("; ")}.`;
  }

  function ranking(title, [most, all]) {
    const list = element("ol", { class: "ranking" });
    for (const [name, count] of most) {
      const bar = element("span", { class: "bar" });
      bar.style.width = `${(100 * count) / most[0][1]}%`;
      list.append(element("li", {}, bar, element("span", { class: "name" }, name), element("span", { class: "number" }, number(count))));
    }
    const rest = all > most.length ? [element("p", { class: "muted" }, `and ${number(all - most.length)} more`)] : [];
    return element("div", {}, element("h3", {}, title), list, ...rest);
  }

  // The override that leaves out records with a value, to be copied into deployment.yaml.
  function exclusion(key, field, value) {
    return `events:\n  ${key}:\n    exclude:\n      ${JSON.stringify(field)}: [${JSON.stringify(value)}]\n`;
  }

  function copied(text, into) {
    const output = element("pre", { tabindex: "0" }, text);
    const copy = button("Copy", () => {
      const selection = getSelection();
      selection.selectAllChildren(output);
      document.execCommand("copy");
      copy.textContent = "Copied";
    });
    into.replaceChildren(element("p", {}, "Leave records with this value out, in deployment.yaml:"), output, copy);
  }

  function csv(card) {
    // A spreadsheet takes a value that begins like a formula for one.
    const quoted = (value) => `"${String(value).replace(/^[=+\-@\t\r](?=.)/s, "'$&").replaceAll('"', '""')}"`;
    const head = ["Time (UTC)", "Computer", "EventRecordID", ...card.columns];
    const rows = card.records.map(([at, host, id, values]) => [time(at), host, id, ...values]);
    return [head, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
  }

  function records(key, card) {
    const place = element("div", { class: "records" });
    if (!card.records.length) return place;
    const shown = card.records.length === card.matches ? `All ${counted(card.matches, "record")}` : `The first ${number(card.records.length)} of ${counted(card.matches, "record")}`;
    const yaml = element("div", { class: "yaml", "aria-live": "polite" });
    const body = element("tbody");
    const head = element("tr", {}, ...["Time (UTC)", "Server", ...card.columns].map((name) => element("th", { scope: "col" }, name)));
    const table = element("table", {}, element("caption", {}, shown), element("thead", {}, head), body);
    const pages = Math.ceil(card.records.length / PAGE);
    const position = element("span", { class: "muted", "aria-live": "polite" });
    let page = 0;

    const value = (field, text) => {
      const cell = element("td");
      // A value that is cut is none that an override could compare with.
      if (text && text !== "-" && !text.endsWith("…") && card.tuned) {
        const label = `${text}: leave out of ${card.tuned}`;
        cell.append(button(text, () => copied(exclusion(card.tuned, field, text), yaml), { class: "value", title: label }));
      } else cell.append(text);
      return cell;
    };
    const row = ([at, host, , values, fields]) => {
      const first = element("td", { class: "number" });
      const made = element("tr", {}, first, element("td", {}, host), ...values.map((text, place) => value(card.columns[place], text)));
      if (!fields) {
        first.append(time(at));
        return [made];
      }
      const list = element("dl");
      for (const [name, text] of fields) list.append(element("dt", {}, name), element("dd", {}, String(text)));
      const all = element("tr", { class: "all", hidden: "" }, element("td", { colspan: String(2 + values.length) }, list));
      const open = button(time(at), () => {
        all.hidden = !all.hidden;
        open.setAttribute("aria-expanded", String(!all.hidden));
      }, { class: "value", "aria-expanded": "false", title: "All data fields" });
      first.append(open);
      return [made, all];
    };
    const show = (wanted) => {
      page = Math.min(Math.max(wanted, 0), pages - 1);
      body.replaceChildren(...card.records.slice(page * PAGE, (page + 1) * PAGE).flatMap(row));
      position.textContent = `page ${page + 1} of ${pages}`;
      back.disabled = page === 0;
      next.disabled = page === pages - 1;
    };
    const back = button("Back", () => show(page - 1));
    const next = button("Next", () => show(page + 1));
    const save = button("Save as CSV", () => {
      const link = element("a", { download: `${key}.csv`, href: URL.createObjectURL(new Blob(["\ufeff", csv(card)], { type: "text/csv" })) });
      link.click();
      URL.revokeObjectURL(link.href);
    });
    show(0);
    const turn = pages > 1 ? [back, position, next] : [];
    place.append(element("div", { class: "scroll", tabindex: "0" }, table), element("div", { class: "tools" }, ...turn, save), yaml);
    return place;
  }

  function fill(details) {
    if (details.dataset.filled) return;
    details.dataset.filled = "yes";
    const card = data[details.dataset.key];
    details.querySelector("[data-happened]").textContent = happened(card);
    const titles = { accounts: "Accounts", addresses: "Addresses", servers: "Servers" };
    const ranked = Object.keys(titles).filter((kind) => card.names[kind][1] > 1);
    if (ranked.length) {
      const columns = element("div", { class: "columns names" }, ...ranked.map((kind) => ranking(titles[kind], card.names[kind])));
      details.querySelector("[data-names]").append(columns);
    }
    details.querySelector("[data-records]").append(records(details.dataset.key, card));
  }
  for (const details of cards) {
    details.addEventListener("toggle", () => details.open && fill(details));
    if (details.open) fill(details);
  }

  // Filters: those that are chosen all apply.
  const filters = [...document.querySelectorAll("[data-filter]")];
  const texts = new Map();
  const textOf = (card) => {
    if (!texts.has(card)) {
      const { hosts, names, records } = data[card.dataset.key];
      const named = [...names.accounts[0], ...names.addresses[0]].map(([name]) => name);
      const values = new Set(records.flatMap(([, , , values]) => values));
      texts.set(card, [card.querySelector(".name").textContent, ...hosts, ...named, ...values].join("\n").toLowerCase());
    }
    return texts.get(card);
  };
  const hosts = document.querySelector('[data-filter="host"]');
  if (hosts) {
    const all = new Set(Object.values(data).flatMap((card) => card.hosts));
    hosts.append(...[...all].sort().map((host) => element("option", {}, host)));
  }
  const tests = {
    text: (card, wanted) => textOf(card).includes(wanted.toLowerCase()),
    severity: (card, wanted) => card.dataset.severity === wanted,
    family: (card, wanted) => card.dataset.family.split(" ").includes(wanted),
    attack: (card, wanted) => card.dataset.attack.split(" ").some((each) => each === wanted || each.startsWith(`${wanted}.`)),
    host: (card, wanted) => data[card.dataset.key].hosts.includes(wanted),
    raised: (card) => !card.classList.contains("quiet"),
  };
  function filter() {
    const chosen = filters.map((each) => [each.dataset.filter, each.type === "checkbox" ? (each.checked ? "yes" : "") : each.value.trim()]).filter(([, value]) => value);
    for (const card of cards) card.hidden = !chosen.every(([kind, value]) => tests[kind](card, value));
    const none = document.getElementById("none");
    if (none) none.hidden = cards.some((card) => !card.hidden);
  }
  for (const each of filters) each.addEventListener("input", filter);
  document.querySelector(".filters")?.addEventListener("submit", (event) => event.preventDefault());
  for (const tile of document.querySelectorAll("button.tile")) {
    tile.addEventListener("click", () => {
      const select = document.querySelector('[data-filter="severity"]');
      select.value = select.value === tile.dataset.severity ? "" : tile.dataset.severity;
      filter();
      document.getElementById("findings").scrollIntoView();
    });
  }

  // A link to a card opens it, also one that the filter hides.
  function follow() {
    const card = cards.find((each) => `#${each.id}` === decodeURIComponent(location.hash));
    if (!card) return;
    card.hidden = false;
    card.open = true;
    card.scrollIntoView();
  }
  addEventListener("hashchange", follow);
  follow();

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")].filter((each) => !each.hidden);
    for (const each of opened) {
      each.open = true;
      if (each.classList.contains("finding")) fill(each);
    }
  });
  addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });
})();
