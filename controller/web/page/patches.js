// SPDX-License-Identifier: GPL-2.0
// The patches of the machine, the newest first, and what each one replaces.
import { $, node, table, count } from "./dom.js";

let shown = "";
const open = new Set();

function badges(patch) {
  const made = [node("span", { class: `badge state-${patch.state}` }, patch.state)];
  if (patch.forced || patch.forces?.length) made.push(node("span", { class: "badge bad" }, "forced"));
  if (patch.replace) made.push(node("span", { class: "badge" }, "replaces all"));
  if (patch.engine !== "klpx") made.push(node("span", { class: "badge" }, "kernel's engine"));
  return made;
}

function functions(patch) {
  const rows = [];
  for (const object of patch.objects ?? []) {
    for (const f of object.functions) {
      const newer = f.owner && f.owner !== patch.name ? `covered by ${f.owner}` : object.patched === false ? "not loaded" : "in use";
      rows.push([object.name, node("code", {}, `${f.name},${f.sympos}`), newer]);
    }
  }
  return rows;
}

function one(patch) {
  const rows = functions(patch);
  const facts = [patch.version && `version ${patch.version}`, patch.replaces?.length && `replaces ${patch.replaces.join(", ")}`,
    patch.replaced_by && `is being replaced by ${patch.replaced_by}`, patch.removable && "can be unloaded",
    ...(patch.forces ?? []).map((force) => `${count(force.tasks, "task")} forced (${force.direction ?? "direction not known"}, transition ${force.transition})`)];
  return node("article", { class: "card" },
    node("h3", {}, patch.name, " ", ...badges(patch)),
    node("p", { class: "quiet" }, facts.filter(Boolean).join(" · ") || "no version given"),
    rows.length ? node("details", {
      open: open.has(patch.name),
      ontoggle: (event) => (event.target.open ? open.add(patch.name) : open.delete(patch.name)),
    }, node("summary", {}, count(rows.length, "function")),
      table(`Functions of ${patch.name}`, [{ title: "Object" }, { title: "Function" }, { title: "Now" }], rows)) : "");
}

export function setPatches(status) {
  // The counters of a transition are shown elsewhere, and change every second.
  const patches = status?.patches ?? [];
  const key = JSON.stringify(patches.map(({ pending, elapsed_ms, retries, tasks, ...rest }) => rest));
  if (key === shown) return;
  shown = key;
  const newest = [...patches].sort((a, b) => (b.stack_order ?? 0) - (a.stack_order ?? 0));
  if (patches.length <= 3 && open.size === 0) newest.forEach((patch) => open.add(patch.name));
  $("patch-list").replaceChildren(...(newest.length ? newest.map(one) : [node("p", { class: "empty" }, status
    ? status.engine?.loaded ? "klpx.ko is loaded, and no patch." : "klpx.ko is not loaded, and there is no patch."
    : "Not known.")]));
}
