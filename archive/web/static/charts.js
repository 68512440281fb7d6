// Draws every <figure data-chart> from the JSON in it: one function for each kind. The table beside a chart says the same.
"use strict";
(() => {
  const language = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function palette() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["paper", "ink", "soft", "line", "panel", "accent", "few", "many"];
    return {
      ...Object.fromEntries(names.map((name) => [name, colour(name)])),
      series: [1, 2, 3, 4].map((number) => colour(`series-${number}`)),
      font: getComputedStyle(document.body).fontFamily,
    };
  }

  // The tooltip is drawn in the chart: one of HTML would need styles that the pages' policy forbids.
  const tooltip = (look, more) => ({
    renderMode: "richText", confine: true, backgroundColor: look.panel, borderColor: look.line,
    textStyle: { color: look.ink, fontFamily: look.font, fontSize: 13 }, ...more,
  });
  const axis = (look, more) => ({
    axisLine: { lineStyle: { color: look.soft } }, axisTick: { lineStyle: { color: look.soft } },
    axisLabel: { color: look.soft, hideOverlap: true }, splitLine: { lineStyle: { color: look.line } }, ...more,
  });
  const cut = (text, most) => (Array.from(text).length > most ? `${Array.from(text).slice(0, most).join("")}…` : text);
  const number = (value) => Number(value).toLocaleString("en");

  // The views of an article: what was seen, joined by lines; between two looks nobody knows.
  function views(facts, look) {
    return {
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      tooltip: tooltip(look, { trigger: "axis", valueFormatter: number }),
      xAxis: axis(look, { type: "time", splitLine: { show: false } }),
      yAxis: axis(look, { type: "value", scale: true, axisLabel: { color: look.soft, formatter: number } }),
      series: [{ type: "line", data: facts.points, showSymbol: facts.points.length < 60, symbol: "circle", symbolSize: 7 }],
    };
  }

  // Hits of one to four searches, as numbers or as shares of all that was published.
  function trend(facts, look) {
    const shown = facts.share ? (value) => `${(100 * value).toFixed(1)} %` : number;
    const isOne = facts.series.length === 1;
    const series = facts.series.map((one) => ({
      name: one.name, data: one.values, type: isOne ? "bar" : "line", barMaxWidth: 40, symbol: "circle", symbolSize: 6,
      showSymbol: facts.periods.length < 80, cursor: "pointer",
    }));
    return {
      grid: { left: 8, right: 16, top: isOne ? 16 : 44, bottom: facts.periods.length > 60 ? 48 : 8, containLabel: true },
      legend: isOne ? { show: false } : {
        type: "scroll", top: 0, textStyle: { color: look.ink, fontFamily: look.font },
        formatter: (name) => cut(name, 24), pageTextStyle: { color: look.soft },
      },
      tooltip: tooltip(look, { trigger: "axis", valueFormatter: shown }),
      xAxis: axis(look, { type: "category", data: facts.periods, splitLine: { show: false } }),
      yAxis: axis(look, { type: "value", axisLabel: { color: look.soft, formatter: shown }, minInterval: facts.share ? 0 : 1 }),
      dataZoom: facts.periods.length > 60 ? [{ type: "slider", height: 20, bottom: 4, textStyle: { color: look.soft } }, { type: "inside", zoomOnMouseWheel: "ctrl" }] : [],
      series,
    };
  }

  // A calendar for each year: the more looks, the stronger the colour; a day on which something was missed has a ring.
  function coverage(facts, look) {
    const most = Math.max(1, ...facts.days.map((day) => day[1]));
    const row = 8 * 15 + 40;
    return {
      tooltip: tooltip(look, { formatter: ({ value }) => [value[0], ...facts.says.map((name, one) => `${name}: ${number(value[one + 1])}`)].join("\n") }),
      visualMap: { show: false, min: 1, max: most, dimension: 1, inRange: { color: [look.few, look.many] } },
      calendar: facts.years.map((year, one) => ({
        range: year, top: 28 + one * row, left: 62, right: 12, cellSize: ["auto", 15],
        itemStyle: { color: look.paper, borderColor: look.line }, splitLine: { lineStyle: { color: look.soft } },
        dayLabel: { firstDay: 1, color: look.soft, nameMap: language, fontSize: 11 },
        monthLabel: { color: look.soft, nameMap: language }, yearLabel: { color: look.ink, fontSize: 14, margin: 30 },
      })),
      series: facts.years.map((year, one) => ({
        type: "heatmap", coordinateSystem: "calendar", calendarIndex: one,
        data: facts.days.filter((day) => day[0].startsWith(year)).map((value) => ({
          value, itemStyle: value[3] ? { borderColor: look.accent, borderWidth: 2 } : {},
        })),
      })),
    };
  }

  // Who recommends whom. Circles are articles of the archive, hollow diamonds were never fetched; the one asked for stands out.
  function graph(facts, look, chart) {
    const [width, height] = [chart.getWidth(), chart.getHeight()];
    const isLarge = facts.nodes.length > 40;
    const room = Math.sqrt((width * height) / facts.nodes.length);
    const size = (node) => (node.group === 0 ? 26 : Math.min(20, 6 + 2 * Math.sqrt(node.ties)));
    // All begin on a circle: ECharts takes what they span for the middle of the picture, and lets the others find their places.
    const ring = (one) => {
      const angle = (2 * Math.PI * one) / facts.nodes.length;
      return { x: (width + Math.min(width, height) * Math.cos(angle)) / 2, y: (height + Math.min(width, height) * Math.sin(angle)) / 2 };
    };
    const nodes = facts.nodes.map((node, one) => ({
      id: String(node.id), name: node.name, category: node.group, symbolSize: size(node), to: node.to, ties: node.ties,
      ...(node.group === 0 ? { x: width / 2, y: height / 2, fixed: true, label: { show: true, fontWeight: "bold" } } : ring(one)),
    }));
    const hollow = { color: look.paper, borderColor: look.series[3], borderWidth: 1.5 };
    const kinds = [
      { symbol: "circle", itemStyle: { color: look.accent } },
      { symbol: "circle", itemStyle: { color: look.series[0] } },
      { symbol: "diamond", itemStyle: hollow },
    ];
    const shown = new Set(nodes.map((node) => node.category));
    return {
      legend: {
        data: facts.groups.map((name, one) => ({ name, icon: kinds[one].symbol })).filter((_, one) => shown.has(one)),
        top: 4, textStyle: { color: look.ink, fontFamily: look.font },
      },
      tooltip: tooltip(look, { formatter: ({ dataType, data }) => (dataType === "node" ? `${cut(data.name, 40)}\n${facts.says}: ${data.ties}` : "") }),
      series: [{
        type: "graph", layout: "force", data: nodes, links: facts.links.map(([source, target]) => ({ source: String(source), target: String(target) })),
        categories: facts.groups.map((name, one) => ({ name, ...kinds[one] })),
        roam: true, draggable: true, scaleLimit: { min: 0.2, max: 12 }, edgeSymbol: ["none", "arrow"], edgeSymbolSize: isLarge ? 4 : 7,
        force: { repulsion: (room * room) / 16, edgeLength: [room * 0.4, room * 2], gravity: isLarge ? 0.16 : 0.08, friction: 0.4, layoutAnimation: !isCalm.matches },
        lineStyle: { color: look.soft, opacity: isLarge ? 0.28 : 0.45, curveness: 0.08 },
        label: {
          show: !isLarge, position: "bottom", distance: 3, color: look.ink, fontFamily: look.font,
          textBorderColor: look.paper, textBorderWidth: 3, formatter: ({ name }) => cut(name, 12),
        },
        labelLayout: { hideOverlap: true },
        emphasis: { focus: "adjacency", label: { show: true }, lineStyle: { opacity: 1, width: 2 } },
        blur: { itemStyle: { opacity: 0.15 }, lineStyle: { opacity: 0.04 } },
      }],
    };
  }

  const KINDS = { views, trend, coverage, graph };
  const CANVAS = new Set(["graph"]);

  function begin(figure) {
    const facts = JSON.parse(figure.querySelector("script").textContent);
    const place = figure.appendChild(document.createElement("div"));
    place.className = "drawing";
    if (facts.kind === "coverage") figure.style.height = `${36 + facts.years.length * (8 * 15 + 40)}px`;
    const chart = echarts.init(place, null, { locale: language, renderer: CANVAS.has(facts.kind) ? "canvas" : "svg" });
    const draw = () => {
      const look = palette();
      chart.setOption({
        color: look.series, textStyle: { fontFamily: look.font }, backgroundColor: "transparent",
        useUTC: true, animation: !isCalm.matches, aria: { enabled: true }, ...KINDS[facts.kind](facts, look, chart),
      }, { notMerge: true });
    };
    draw();
    chart.on("click", (event) => {
      const [first, last] = facts.ends?.[event.dataIndex] ?? [];
      const to = first ? `${facts.series[event.seriesIndex].search}${first}&until=${last}` : event.data?.to;
      if (to) location.assign(to);
    });
    dark.addEventListener("change", draw);
    // Not at once: a size that changes while sizes are told is an error to browsers.
    new ResizeObserver(() => requestAnimationFrame(() => chart.resize())).observe(place);
  }

  document.querySelectorAll("figure[data-chart]").forEach(begin);
})();
