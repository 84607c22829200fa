"use strict";
// Draws each chart when it comes into view, in the colours of the page, and again when those change.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const config = { displayModeBar: false, responsive: true };

  const band = ([from, to]) => [
    { type: "rect", yref: "paper", x0: from, x1: to, y0: 0, y1: 1, fillcolor: color("--alarm-band"), line: { width: 0 }, layer: "below" },
    { type: "rect", yref: "paper", x0: from, x1: to, y0: -0.045, y1: 0, fillcolor: color("--alarm"), line: { width: 2, color: color("--alarm") } },
  ];

  // Ticks that cannot be seen keep the labels clear of the band of states.
  const timeAxis = (chart) => ({
    type: "date", range: chart.range, gridcolor: color("--line"), zeroline: false,
    ticks: "outside", ticklen: 10, tickcolor: "rgba(0,0,0,0)",
  });

  const layout = (changes) => ({
    margin: { l: 44, r: 12, t: 10, b: 46 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: color("--muted"), size: 12, family: getComputedStyle(document.body).fontFamily },
    showlegend: false,
    hoverlabel: { bgcolor: color("--card"), bordercolor: color("--line"), font: { color: color("--text") } },
    ...changes,
  });

  function timeline(chart) {
    const okBand = { type: "rect", xref: "paper", yref: "paper", x0: 0, x1: 1, y0: -0.045, y1: 0, fillcolor: color("--ok"), opacity: 0.35, line: { width: 0 } };
    const threshold = { type: "line", xref: "paper", x0: 0, x1: 1, y0: chart.threshold, y1: chart.threshold, line: { color: color("--alarm"), width: 2, dash: "dash" } };
    return {
      traces: [{
        x: chart.x, y: chart.y, mode: "lines", fill: "tozeroy", line: { shape: "hv", width: 2, color: color("--series") },
        fillcolor: `${color("--series")}22`, hovertemplate: `%{y} in ${chart.period}<br>%{x|%Y-%m-%d %H:%M} UTC<extra></extra>`,
      }],
      layout: layout({
        xaxis: timeAxis(chart),
        yaxis: {
          range: [0, chart.top], gridcolor: color("--line"), zeroline: false, fixedrange: true, tickformat: ",d",
          ...(chart.top < 5 ? { dtick: 1 } : { nticks: 5 }),
        },
        shapes: chart.threshold === null ? [] : [okBand, ...chart.alarms.flatMap(band), threshold],
      }),
    };
  }

  function overview(chart, width) {
    const longest = Math.max(14, Math.floor(width / 22));
    const short = (title) => title.length > longest ? `${title.slice(0, longest - 1)}…` : title;
    const traces = chart.rows.map((row) => ({
      x: row.alarms.flatMap(([from, to]) => [from, to, null]),
      y: row.alarms.flatMap(() => [row.key, row.key, null]),
      mode: "lines+markers", line: { width: 9, color: color(`--${row.severity}`) },
      marker: { size: 9, symbol: "square", opacity: 1, line: { width: 0 }, color: color(`--${row.severity}`) },
      hovertemplate: `${row.title}<br>%{x|%Y-%m-%d %H:%M} UTC<extra></extra>`, connectgaps: false,
    }));
    return {
      traces,
      layout: layout({
        margin: { l: 8, r: 12, t: 6, b: 46 },
        xaxis: timeAxis(chart),
        yaxis: {
          type: "category", tickvals: chart.rows.map((row) => row.key), ticktext: chart.rows.map((row) => short(row.title)),
          automargin: true, autorange: "reversed", fixedrange: true, gridcolor: color("--line"), tickfont: { color: color("--text") },
        },
      }),
    };
  }

  const drawn = new Set();
  function draw(element) {
    const chart = data[element.id];
    const { traces, layout } = chart.rows ? overview(chart, element.clientWidth) : timeline(chart);
    Plotly.react(element, traces, layout, config);
    drawn.add(element);
  }

  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        watcher.unobserve(target);
        draw(target);
      }
    }
  }, { rootMargin: "300px" });
  for (const element of document.querySelectorAll(".chart")) watcher.observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(draw));
})();
