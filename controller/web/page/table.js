// SPDX-License-Identifier: GPL-2.0
// The stuck tasks, grouped by process and function as in 'klp-controller
// blocking', one page of rows at a time. The server filters, groups and sorts,
// so 20,000 tasks cost the browser no more than fifty.
import { $, node, table, setText, count, duration, explain, unitOf, getJson } from "./dom.js";

const PAGE = 50;
const MOST_OF_A_GROUP = 100;
let offset = 0;
let rows = 0;
let loading = false;
let again = false;
let shown = "";
const open = new Set(); // tasks whose stack is shown
const opened = new Set(); // groups whose tasks are shown

const HEADERS = [
  { title: "Task" },
  { title: "Command" },
  { title: "User" },
  { title: "Unit or cgroup" },
  { title: "Reason" },
  { title: "Function" },
  { title: "State" },
  { title: "Blocked for", number: true },
  { title: "Signals", number: true },
  { title: "Stack" },
];

const isIdle = (blocker) => blocker.idle_cpu !== null && blocker.idle_cpu !== undefined;

function stackOf(blocker) {
  if (blocker.stack === null) return node("span", { class: "quiet" }, "differ");
  if (!blocker.stack?.length) return node("span", { class: "quiet" }, "none");
  const key = `${blocker.key ?? ""} ${blocker.tid} ${blocker.start_ns}`;
  return node(
    "details",
    {
      open: open.has(key),
      ontoggle: (event) => (event.target.open ? open.add(key) : open.delete(key)),
    },
    node("summary", { "data-key": key }, blocker.stack[0].split("+")[0]),
    node("pre", {}, blocker.stack.join("\n")),
  );
}

function toggle(key) {
  if (opened.has(key)) opened.delete(key);
  else opened.add(key);
  shown = "";
  load();
}

function nameOf(blocker) {
  if (isIdle(blocker)) return `idle task of CPU ${blocker.idle_cpu}`;
  if (!(blocker.count > 1)) return `${blocker.comm}/${blocker.tid}`;
  return node(
    "button",
    {
      type: "button",
      class: "fold",
      "data-key": blocker.key,
      "aria-expanded": String(opened.has(blocker.key)),
      onclick: () => toggle(blocker.key),
    },
    `${count(blocker.count, "thread")} of ${blocker.comm}/${blocker.pid}`,
  );
}

function commandOf(blocker) {
  const text = isIdle(blocker) ? "" : blocker.kthread ? "(kernel thread)" : (blocker.cmdline ?? "");
  return node("span", { class: "command-line", title: text }, text);
}

function row(blocker, kind) {
  const cells = [
    nameOf(blocker),
    commandOf(blocker),
    blocker.user ?? (blocker.uid === null || blocker.uid === undefined ? "" : String(blocker.uid)),
    node("span", { class: "unit", title: blocker.cgroup ?? "" }, unitOf(blocker.cgroup)),
    node(
      "span",
      { class: `badge reason-${blocker.reason}`, title: explain(blocker.reason) },
      blocker.reason,
    ),
    node("code", {}, blocker.function ?? ""),
    blocker.state ?? "",
    duration(blocker.age_ms),
    blocker.signals === null || blocker.signals === undefined ? "–" : String(blocker.signals),
    stackOf(blocker),
  ];
  return { class: kind, cells };
}

function query(more) {
  const words = new URLSearchParams({ sort: $("sort").value, ...more });
  if ($("find").value) words.set("q", $("find").value);
  if ($("reason").value) words.set("reason", $("reason").value);
  if ($("function").value) words.set("function", $("function").value);
  return `api/v1/blocking?${words}`;
}

function draw(groups) {
  const focused = document.activeElement?.dataset?.key;
  const scrolled = $("task-table").firstChild?.scrollLeft ?? 0;
  const made = groups.flatMap(({ tasks, matched, ...group }) => [
    row(group, tasks ? "group" : null),
    ...(tasks ?? []).map((task) => row(task, "member")),
    ...(tasks && matched > tasks.length
      ? [{ class: "member", cells: [`and ${(matched - tasks.length).toLocaleString("en")} more`] }]
      : []),
  ]);
  $("task-table").replaceChildren(
    table("Tasks that block the transition; threads of a process share a row", HEADERS, made),
  );
  $("task-table").firstChild.scrollLeft = scrolled;
  if (focused)
    [...$("task-table").querySelectorAll("[data-key]")]
      .find((one) => one.dataset.key === focused)
      ?.focus();
}

async function show(page) {
  rows = page?.rows ?? 0;
  if (offset >= rows && offset > 0) {
    offset = Math.max(0, PAGE * Math.floor((rows - 1) / PAGE));
    again = true;
    return;
  }
  const groups = page?.groups ?? [];
  for (const group of groups) {
    if (!(group.count > 1) || !opened.has(group.key)) continue;
    const members = await getJson(query({ group: group.key, limit: MOST_OF_A_GROUP }));
    if (members?.blockers?.length)
      Object.assign(group, { tasks: members.blockers, matched: members.matched });
  }
  const last = Math.min(offset + PAGE, rows);
  setText(
    $("page-of"),
    rows
      ? `${(offset + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${count(rows, "row")}, ${count(page.matched, "task")}`
      : "no task matches",
  );
  $("earlier").disabled = offset === 0;
  $("later").disabled = last >= rows;
  const key = JSON.stringify(groups);
  if (key === shown) return;
  shown = key;
  draw(groups);
}

async function load() {
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  try {
    await show(await getJson(query({ grouped: 1, offset, limit: PAGE })));
  } catch (error) {
    setText($("page-of"), String(error.message));
  }
  loading = false;
  if (again) {
    again = false;
    load();
  }
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
  const anew = () => {
    offset = 0;
    load();
  };
  let typing = 0;
  $("find").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(anew, 200);
  });
  for (const id of ["reason", "function", "sort"]) $(id).addEventListener("change", anew);
  $("filter").addEventListener("submit", (event) => {
    event.preventDefault();
    anew();
  });
  $("earlier").addEventListener("click", () => {
    offset = Math.max(0, offset - PAGE);
    load();
  });
  $("later").addEventListener("click", () => {
    offset += PAGE;
    load();
  });
}
