// SPDX-License-Identifier: GPL-2.0
// The stuck tasks, a page of them at a time: the server filters and sorts, so
// 20,000 of them cost the browser no more than fifty.
import { $, node, table, setText, duration, explain, getJson } from "./dom.js";

const PAGE = 50;
let offset = 0;
let matched = 0;
let loading = false;
let again = false;
let shown = "";
const open = new Set();  // tasks whose stack is shown

const HEADERS = [
  { title: "TID", number: true }, { title: "PID", number: true }, { title: "Name" },
  { title: "State" }, { title: "Reason" }, { title: "Function" },
  { title: "Blocked for", number: true }, { title: "CPU", number: true },
  { title: "Signals", number: true }, { title: "Stack" },
];

function stackOf(blocker) {
  if (!blocker.stack?.length) return node("span", { class: "quiet" }, "none");
  const key = `${blocker.tid} ${blocker.start_ns}`;
  return node("details", {
    open: open.has(key),
    ontoggle: (event) => (event.target.open ? open.add(key) : open.delete(key)),
  }, node("summary", {}, blocker.stack[0].split("+")[0]),
    node("pre", {}, blocker.stack.join("\n")));
}

function row(blocker) {
  const idle = blocker.idle_cpu !== null && blocker.idle_cpu !== undefined;
  const kind = idle ? "idle task" : blocker.kthread ? "kernel thread" : blocker.cmdline;
  return [
    idle ? "–" : String(blocker.tid), idle ? "–" : String(blocker.pid),
    node("span", { title: [kind, blocker.cgroup].filter(Boolean).join("\n") }, blocker.comm),
    blocker.state,
    node("span", { class: `badge reason-${blocker.reason}`, title: explain(blocker.reason) }, blocker.reason),
    node("code", {}, blocker.function ?? ""), duration(blocker.age_ms), String(blocker.cpu),
    String(blocker.signals), stackOf(blocker),
  ];
}

function query() {
  const words = new URLSearchParams({ offset, limit: PAGE, sort: $("sort").value });
  if ($("find").value) words.set("q", $("find").value);
  if ($("reason").value) words.set("reason", $("reason").value);
  if ($("function").value) words.set("function", $("function").value);
  return `api/v1/blocking?${words}`;
}

function show(page) {
  matched = page?.matched ?? 0;
  if (offset >= matched && offset > 0) {
    offset = Math.max(0, PAGE * Math.floor((matched - 1) / PAGE));
    load();
    return;
  }
  const blockers = page?.blockers ?? [];
  const last = Math.min(offset + PAGE, matched);
  setText($("page-of"), matched ? `${(offset + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${matched.toLocaleString("en")}` : "no task matches");
  $("earlier").disabled = offset === 0;
  $("later").disabled = last >= matched;
  const key = JSON.stringify(blockers);
  if (key === shown) return;
  shown = key;
  const scrolled = $("task-table").firstChild?.scrollLeft ?? 0;
  $("task-table").replaceChildren(table("Tasks that hold up the transition", HEADERS, blockers.map(row)));
  $("task-table").firstChild.scrollLeft = scrolled;
}

async function load() {
  if (loading) { again = true; return; }
  loading = true;
  try {
    show(await getJson(query()));
  } catch (error) {
    setText($("page-of"), String(error.message));
  }
  loading = false;
  if (again) { again = false; load(); }
}

function choices(select, groups) {
  const wanted = ["", ...groups.map((group) => group.name).filter((name) => name !== "(others)")];
  if ([...select.options].map((one) => one.value).join("\n") === wanted.join("\n")) return;
  const chosen = select.value;
  if (chosen && !wanted.includes(chosen)) wanted.push(chosen);
  select.replaceChildren(...wanted.map((name) => node("option", { value: name }, name || "any")));
  select.value = chosen;
}

export function setTasks(blocking) {
  $("tasks").hidden = !blocking?.patch;
  if ($("tasks").hidden) return;
  choices($("reason"), blocking.reasons ?? []);
  choices($("function"), blocking.functions ?? []);
  load();
}

export function startTasks() {
  const anew = () => { offset = 0; load(); };
  let typing = 0;
  $("find").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(anew, 200); });
  for (const id of ["reason", "function", "sort"]) $(id).addEventListener("change", anew);
  $("filter").addEventListener("submit", (event) => { event.preventDefault(); anew(); });
  $("earlier").addEventListener("click", () => { offset = Math.max(0, offset - PAGE); load(); });
  $("later").addEventListener("click", () => { offset += PAGE; load(); });
}
