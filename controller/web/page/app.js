// SPDX-License-Identifier: GPL-2.0
// The page: listens to /api/v1/events and hands each state to its parts. Old or
// missing data is marked as such, never hidden.
import { setAdvice } from "./advice.js";
import { $, node, setText, count, duration, explain, utc } from "./dom.js";
import { setSeries, addPoint, drawChart } from "./chart.js";
import { setFlame, startFlame } from "./flame.js";
import { setHistory } from "./history.js";
import { setPatches } from "./patches.js";
import { setTasks, startTasks } from "./table.js";

const SILENT_MS = 45000; // three heartbeats
let state = null;
let received = 0;
let linked = false;

function figure(title, value, detail = "") {
  return node(
    "div",
    { class: "figure" },
    node("dt", {}, title),
    node("dd", {}, value),
    detail ? node("dd", { class: "quiet" }, detail) : "",
  );
}

const patchCount = (n) => `${n.toLocaleString("en")} ${n === 1 ? "patch" : "patches"}`;

// A machine of unknown state must not read like "all is well", nor must one
// without the engine.
function atRest(status) {
  const enabled = (status.patches ?? []).filter((patch) => patch.enabled).length;
  const loaded = status.engine?.loaded !== false;
  if (enabled === 0)
    return {
      good: false,
      text: loaded ? "No patch is enabled." : "No patch is enabled: klpx.ko is not loaded.",
    };
  if (!loaded)
    return {
      good: false,
      text: `klpx.ko is not loaded; the kernel's own engine has ${patchCount(enabled)} enabled, nothing in transition.`,
    };
  return { good: true, text: `Settled: ${patchCount(enabled)} enabled, nothing in transition.` };
}

function headline({ status, blocking, snapshot }) {
  const all = moving(status, blocking);
  const rest = status ? atRest(status) : { good: false, text: "The state is not known." };
  const now = all.length ? { good: false, text: all.map(remaining).join("; ") } : rest;
  return snapshot.state === "fresh" || (!status && !all.length)
    ? now
    : { good: false, text: `When last seen: ${now.text}` };
}

// If the blocking tasks could not be read, the patches still show which are in
// transition.
function moving(status, blocking) {
  if (blocking?.patch) return blocking.transitions?.length ? blocking.transitions : [blocking];
  return (status?.patches ?? [])
    .filter((patch) => patch.transition)
    .map((patch) => ({ ...patch, patch: patch.name }));
}

// For the kernel's own engine the number of tasks at the start is not known, and
// the number left only with the observer.
function remaining({ patch, state, pending, tasks }) {
  const of = tasks ? ` of ${tasks.toLocaleString("en")}` : "";
  return `${patch} is ${state}: ${pending === null || pending === undefined ? "an unknown number of tasks" : `${count(pending, "task")}${of}`} left`;
}

function figures(event) {
  const blocking = event.blocking;
  if (!blocking?.patch) return [];
  const done = blocking.tasks ? (100 * (blocking.tasks - blocking.pending)) / blocking.tasks : 0;
  const percent = blocking.pending > 0 ? Math.min(99.9, Math.floor(done * 10) / 10) : 100;
  const progress = blocking.tasks
    ? node("progress", { max: 100, value: percent, "aria-label": "Tasks switched, percent" })
    : "";
  const reasons = node(
    "ul",
    { class: "reasons" },
    ...(blocking.reasons ?? []).map((group) =>
      node(
        "li",
        {},
        node("span", { class: `badge reason-${group.name}` }, group.name),
        ` ${group.count.toLocaleString("en")} `,
        node("span", { class: "quiet" }, explain(group.name)),
      ),
    ),
  );
  return [
    node(
      "dl",
      { class: "figure-row" },
      figure("Switched", blocking.tasks ? `${percent} %` : "–"),
      figure("Left", (blocking.pending ?? 0).toLocaleString("en")),
      figure("Running for", duration(blocking.elapsed_ms) || "–"),
      figure("Longest blocked", duration(blocking.oldest_ms) || "–"),
    ),
    progress,
    reasons,
  ];
}

function alert(kind, text) {
  return node("p", { class: `alert ${kind}` }, text);
}

function alerts(event) {
  const made = [];
  const snapshot = event.snapshot;
  const age =
    snapshot.age_ms === null
      ? ""
      : ` The data below is ${duration(snapshot.age_ms + Date.now() - received)} old.`;
  if (snapshot.state !== "fresh")
    made.push(
      alert(
        "bad",
        `This is not the current state (${snapshot.state}). ${snapshot.error ?? ""}.${age}`,
      ),
    );
  for (const [member, text] of Object.entries(event.errors ?? {}))
    made.push(alert("warn", `${member} is not available: ${text}`));
  if (event.status?.observer_error)
    made.push(alert("warn", `Blocking tasks cannot be observed: ${event.status.observer_error}`));
  for (const note of event.status?.notes ?? []) made.push(alert("warn", note));
  if (event.daemon?.trouble) made.push(alert("warn", event.daemon.trouble));
  const lost = event.status?.observer?.events_lost;
  if (lost)
    made.push(
      alert(
        "warn",
        `The BPF observer has lost ${count(lost, "event")}: some tasks may not be shown.`,
      ),
    );
  for (const patch of event.status?.patches ?? []) {
    const forced = (direction) =>
      (patch.forces ?? [])
        .filter((force) => force.direction === direction)
        .reduce((sum, force) => sum + force.tasks, 0);
    const [into, out, unknown] = [forced("patching"), forced("unpatching"), forced(null)];
    if (out || patch.forced)
      made.push(
        alert(
          "bad",
          `${patch.name}: ${out ? count(out, "task") : "tasks"} forced out of it without a check. Its module stays until reboot.`,
        ),
      );
    if (into)
      made.push(
        alert(
          "bad",
          `${patch.name}: ${count(into, "task")} forced into it without a check, which may still run the old code.`,
        ),
      );
    if (unknown)
      made.push(
        alert(
          "bad",
          `${patch.name}: ${count(unknown, "task")} forced without a check, which may still run the code that they were forced off.`,
        ),
      );
  }
  return made;
}

function link() {
  const silent = received && Date.now() - received > SILENT_MS;
  const text = !linked
    ? "no connection"
    : silent
      ? "silent"
      : state?.snapshot.state === "fresh"
        ? "live"
        : (state?.snapshot.state ?? "connected");
  const pill = $("link");
  setText(pill, text);
  pill.className = `pill ${text === "live" ? "good" : "bad"}`;
}

function show(event) {
  state = event;
  received = Date.now();
  setText($("host"), event.host || "an unnamed machine");
  setText($("kernel"), `Linux ${event.kernel} · as of ${utc(event.time)}`);
  document.title = event.blocking?.patch
    ? `${event.blocking.pending} left · klpx on ${event.host}`
    : `klpx on ${event.host}`;
  const { good, text } = headline(event);
  setText($("headline"), text);
  $("headline").classList.toggle("unsettled", !good);
  $("transition").classList.toggle("running", Boolean(event.blocking?.patch));
  $("figures").replaceChildren(...figures(event));
  setAdvice(event);
  $("present").hidden = !event.blocking?.patch && $("advice").hidden;
  const made = alerts(event);
  if ($("alerts").textContent !== made.map((one) => one.textContent).join(""))
    $("alerts").replaceChildren(...made);
  setText(
    $("writer"),
    event.daemon?.version
      ? `· written by klp-controller ${event.daemon.version}, process ${event.daemon.pid}`
      : "",
  );
  setPatches(event.status);
  setFlame(event.blocking, event.status);
  setTasks(event.blocking);
  setHistory(event.history);
  link();
}

const THEMES = ["system", "light", "dark"];
function setTheme(theme) {
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
  setText($("theme"), `Theme: ${theme}`);
  try {
    localStorage.setItem("klpx-theme", theme);
  } catch {
    /* private window */
  }
  drawChart();
}

function startTheme() {
  let theme = "system";
  try {
    theme = localStorage.getItem("klpx-theme") ?? "system";
  } catch {
    /* private window */
  }
  if (!THEMES.includes(theme)) theme = "system";
  $("theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    setTheme(theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawChart());
  setTheme(theme);
}

function listen() {
  const events = new EventSource("api/v1/events");
  events.addEventListener("open", () => {
    linked = true;
    link();
  });
  events.addEventListener("error", () => {
    linked = false;
    link();
    // A refusal (503) ends an EventSource for good; a lost line does not.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
  events.addEventListener("series", (message) => setSeries(JSON.parse(message.data)));
  events.addEventListener("state", (message) => {
    const event = JSON.parse(message.data);
    addPoint(event);
    show(event);
  });
}

startTheme();
startTasks();
startFlame();
listen();
setInterval(link, 5000);
