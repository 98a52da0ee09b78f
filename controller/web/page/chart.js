// SPDX-License-Identifier: GPL-2.0
// The progress of the transition: pending tasks over time, drawn by uPlot. The
// points come from the server, so a page opened late shows all of it.
import uPlot from "uplot";
import { $, setText, count, duration } from "./dom.js";

const MOST_POINTS = 4000;
let plot = null;
let series = { transition: "", began_ms: 0, tasks: 0, points: [] };

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(width) {
  const axis = {
    stroke: colour("--quiet"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
  return {
    width,
    height: 220,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(1, high * 1.08)] } },
    axes: [
      {
        ...axis,
        values: (_, marks) =>
          marks.map((s) => (s < 60 ? `${Number(s.toFixed(1))} s` : duration(s * 1000))),
      },
      {
        ...axis,
        size: 56,
        values: (_, marks) => marks.map((n) => (Number.isInteger(n) ? n.toLocaleString("en") : "")),
      },
    ],
    series: [
      {},
      {
        label: "pending",
        stroke: colour("--accent"),
        width: 2,
        fill: colour("--accent-fill"),
        paths: uPlot.paths.stepped({ align: 1 }),
        points: { show: series.points.length < 60, size: 5 },
      },
    ],
  };
}

const data = () => [
  series.points.map((p) => (p.time_ms - series.began_ms) / 1000),
  series.points.map((p) => p.pending),
];

export function drawChart() {
  const box = $("chart");
  plot?.destroy();
  plot = null;
  box.replaceChildren();
  $("chart-figure").hidden = series.points.length === 0;
  if (series.points.length === 0) return;
  plot = new uPlot(options(box.clientWidth), data(), box);
  describe();
}

function describe() {
  const last = series.points[series.points.length - 1];
  const took = duration(last.time_ms - series.began_ms);
  const text =
    last.pending > 0
      ? `${count(last.pending, "task")} pending after ${took}.`
      : `The transition of ${series.transition.split(" ")[0]} ended after ${took}.`;
  setText(
    $("chart-caption"),
    `${text} Horizontal: time since it began. Vertical: tasks not switched yet.`,
  );
  $("chart").setAttribute("aria-label", `Pending tasks over time. ${text}`);
}

export function setSeries(whole) {
  series = whole;
  drawChart();
}

// Adds a new state: one more point, or the start of another transition.
export function addPoint(event) {
  const blocking = event.blocking;
  const time_ms = Date.parse(event.time);
  const last = series.points[series.points.length - 1];
  if (!blocking?.patch) {
    if (!last || last.pending === 0) return;
    series.points.push({ time_ms, pending: 0 });
    drawChart();
    return;
  }
  const transition = `${blocking.patch} ${blocking.state}`;
  const began_ms = time_ms - (blocking.elapsed_ms ?? 0);
  const another =
    transition !== series.transition ||
    (blocking.elapsed_ms !== null && Math.abs(began_ms - series.began_ms) > 3000);
  if (another) series = { transition, began_ms, tasks: blocking.tasks ?? 0, points: [] };
  else if (last && time_ms <= last.time_ms) return;
  series.points.push({ time_ms, pending: blocking.pending ?? 0 });
  if (series.points.length > MOST_POINTS)
    series.points = series.points.filter((_, i) => i % 2 === 0);
  if (another || !plot || series.points.length === 60) drawChart();
  else {
    plot.setData(data());
    describe();
  }
}

// Redraws when the window or the column beside the chart changes its size.
new ResizeObserver(([{ contentRect }]) => {
  if (plot && contentRect.width && plot.width !== contentRect.width)
    plot.setSize({ width: contentRect.width, height: 220 });
}).observe($("chart"));
