// SPDX-License-Identifier: GPL-2.0
// Helpers for the document and for texts. Text from the machine is only ever set
// as text, never as markup.

export const $ = (id) => document.getElementById(id);

// node("td", {class: "n"}, "text", otherNode)
export function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

// Writes only if the text differs, so that screen readers do not repeat it.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// headers: [{title, number}], rows: [[cell, ...]] of strings or nodes; a row with
// a class is {class, cells}.
export function table(caption, headers, rows) {
  const head = headers.map(({ title, number }) =>
    node("th", { scope: "col", class: number ? "n" : null }, title),
  );
  const body = rows.map((row) =>
    node(
      "tr",
      { class: row.class },
      ...(row.cells ?? row).map((cell, i) =>
        node(
          "td",
          { class: headers[i].number ? "n" : null, "data-title": headers[i].title },
          cell ?? "",
        ),
      ),
    ),
  );
  return node(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    node(
      "table",
      {},
      node("caption", {}, caption),
      node("thead", {}, node("tr", {}, ...head)),
      node("tbody", {}, ...body),
    ),
  );
}

export function duration(ms) {
  if (ms === null || ms === undefined) return "";
  if (ms < 10000) return `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`;
  const s = Math.floor(ms / 1000);
  if (s < 60) return `${s} s`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m} min ${s % 60} s`;
  const h = Math.floor(m / 60);
  return h < 48 ? `${h} h ${m % 60} min` : `${Math.floor(h / 24)} days`;
}

// All times are in UTC, as on the command line.
export function utc(text) {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text ?? "";
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

// "/system.slice/nginx.service": "nginx.service"; without a systemd unit, the
// whole path. The id of a container is shortened to its beginning.
export function unitOf(cgroup) {
  const units = (cgroup ?? "")
    .split("/")
    .filter((part) => /\.(service|scope|socket|mount)$/.test(part));
  return (units.pop() ?? cgroup ?? "").replace(/([0-9a-f]{12})[0-9a-f]{20,}/g, "$1…");
}

export const count = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

const REASONS = {
  "on-function": "sleeps in a function being patched",
  "unreliable-stack": "its stack cannot be read reliably",
  running: "running; not yet seen outside the patched functions",
  idle: "idle CPU, not woken yet",
  "stopped-or-traced": "stopped, or held by a debugger",
  uninterruptible: "in uninterruptible sleep in a patched function",
  exiting: "is exiting",
  "not-checked": "not checked yet",
};
export const explain = (reason) => REASONS[reason] ?? reason;

// The order of the reasons.
export const REASON_ORDER = Object.keys(REASONS);

export async function getJson(path) {
  const response = await fetch(path, { cache: "no-store" });
  const document_ = await response.json();
  if (!response.ok)
    throw new Error(
      document_?.error?.message ?? document_?.message ?? `${path}: ${response.status}`,
    );
  return document_;
}
