// SPDX-License-Identifier: GPL-2.0
// The patches of the machine, newest first, and what each one replaces.
import { $, node, table, setText, count } from "./dom.js";

let shown = "";
const open = new Set();
let counters = []; // functions that update what changes every second

function badges(patch) {
  const made = [node("span", { class: `badge state-${patch.state}` }, patch.state)];
  if (patch.forced || patch.forces?.length)
    made.push(node("span", { class: "badge bad" }, "forced"));
  if (patch.replace) made.push(node("span", { class: "badge" }, "replaces all"));
  if (patch.adopted) made.push(node("span", { class: "badge" }, "adopted"));
  if (patch.engine !== "klpx") made.push(node("span", { class: "badge" }, "kernel's engine"));
  return made;
}

// How many tasks run the version in `patch` of a function whose newest version
// is in `owner`: while `owner` is in transition, some tasks run its version and
// some do not.
function usedBy(patches, patch, owner, loaded) {
  if (!loaded) return "its module is not loaded";
  const newest = patches.find((one) => one.name === owner) ?? patch;
  const covered = newest.name !== patch.name;
  if (!newest.transition) return covered ? `no task: covered by ${newest.name}` : "all tasks";
  const others = covered ? `, the others use ${newest.name}` : "";
  if (!newest.tasks || newest.pending === null) return `some tasks${others}`;
  // Pending tasks do not run the newest version yet, or still run it.
  const outside = newest.enabled === covered;
  const number = Math.max(0, outside ? newest.pending : newest.tasks - newest.pending);
  return `${number.toLocaleString("en")} of ${newest.tasks.toLocaleString("en")} tasks${others}`;
}

function nameOf(object, f) {
  const where = [
    object.name !== "vmlinux" && `in ${object.name}`,
    Number(f.sympos) > 1 && `no. ${f.sympos} of that name`,
  ]
    .filter(Boolean)
    .join(", ");
  return node(
    "span",
    {},
    node("code", {}, f.name),
    where && node("span", { class: "quiet" }, ` ${where}`),
  );
}

function functions(patch) {
  const rows = [];
  for (const object of patch.objects ?? []) {
    for (const f of object.functions) {
      const cell = node("span");
      counters.push((patches) =>
        setText(
          cell,
          usedBy(
            patches,
            patches.find((one) => one.name === patch.name) ?? patch,
            f.owner ?? patch.name,
            object.patched !== false,
          ),
        ),
      );
      rows.push([nameOf(object, f), cell]);
    }
  }
  return rows;
}

// Whether the module can be unloaded.
function fate(patch) {
  if (patch.permanent) return "no module_exit(): its module stays until reboot";
  if (patch.removable) return "can be unloaded";
  if (patch.state === "disabled" && patch.refcount)
    return `held by ${count(patch.refcount, "reference")}`;
  return null;
}

function one(patch) {
  const rows = functions(patch);
  const facts = [
    patch.version && `version ${patch.version}`,
    patch.replaces?.length && `replaces ${patch.replaces.join(", ")}`,
    patch.replaced_by && `is being replaced by ${patch.replaced_by}`,
    fate(patch),
    ...(patch.forces ?? []).map(
      (force) =>
        `${count(force.tasks, "task")} forced (${force.direction ?? "direction unknown"}, transition ${force.transition})`,
    ),
  ];
  return node(
    "article",
    { class: "card" },
    node("h3", {}, patch.name, " ", ...badges(patch)),
    node("p", { class: "quiet" }, facts.filter(Boolean).join(" · ") || "no version given"),
    rows.length
      ? node(
          "details",
          {
            open: open.has(patch.name),
            ontoggle: (event) =>
              event.target.open ? open.add(patch.name) : open.delete(patch.name),
          },
          node("summary", {}, count(rows.length, "function")),
          table(`Functions of ${patch.name}`, [{ title: "Function" }, { title: "Used by" }], rows),
        )
      : "",
  );
}

export function setPatches(status) {
  const patches = status?.patches ?? [];
  const key = JSON.stringify([
    Boolean(status),
    status?.engine,
    patches.map(({ pending, elapsed_ms, retries, tasks, ...rest }) => rest),
  ]);
  if (key !== shown) {
    shown = key;
    counters = [];
    const newest = [...patches].sort((a, b) => (b.stack_order ?? 0) - (a.stack_order ?? 0));
    if (patches.length <= 3 && open.size === 0) newest.forEach((patch) => open.add(patch.name));
    $("patch-list").replaceChildren(
      ...(newest.length
        ? newest.map(one)
        : [
            node(
              "p",
              { class: "empty" },
              status
                ? status.engine?.loaded
                  ? "klpx.ko is loaded; there is no patch."
                  : "klpx.ko is not loaded; there is no patch."
                : "The state is not known.",
            ),
          ]),
    );
  }
  for (const tell of counters) tell(patches);
}
