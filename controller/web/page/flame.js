// SPDX-License-Identifier: GPL-2.0
// The stacks of the blocking tasks as a flame graph. The server has folded them;
// d3-hierarchy computes the layout. Each function is a button, so that keyboard
// and screen readers can reach it.
import { hierarchy, partition } from "d3-hierarchy";
import { $, node, setText, count } from "./dom.js";

const ROW = 22;
const NARROWEST = 0.004; // share of the width; less cannot be seen or clicked
const SHORTEST_FOLD = 2;
let tree = null;
let zoomed = []; // names from the root to the function that fills the width
let drawn = "";
let unfolded = false;

// The functions being patched, named as in stacks, and the modules of the
// patches.
let patched = new Set();
let modules = [];

function isPatched(name) {
  return patched.has(name) || modules.some((module) => name.endsWith(` [${module}]`));
}

// The common outermost frames (system call entry, start of a kernel thread) are
// the same in every graph. They are folded into one row, which the user can open.
function folded(from) {
  const children = (from.children ?? []).map((child) => {
    const chain = [child];
    for (
      let at = child;
      at.children?.length === 1 && at.children[0].value === at.value;
      chain.push(at)
    )
      [at] = at.children;
    const wanted = chain.findIndex((one) => isPatched(one.name));
    // The innermost function is what the tasks wait in: it is not folded.
    const end = chain[chain.length - 1].children?.length ? chain.length : chain.length - 1;
    const common = chain.slice(0, wanted < 0 ? end : wanted);
    if (common.length < SHORTEST_FOLD) return child;
    const last = common[common.length - 1];
    return {
      name: `${common.length} common frames`,
      value: child.value,
      children: last.children,
      frames: common.map((one) => one.name),
    };
  });
  return { ...from, children };
}

function rooted() {
  let at = tree;
  const path = [];
  for (const name of zoomed) {
    const next = at.children?.find((child) => child.name === name);
    if (!next) break;
    at = next;
    path.push(name);
  }
  zoomed = path;
  return at;
}

function show(item, total) {
  const share = Math.round((100 * item.value) / total);
  setText(
    $("flame-detail"),
    `${(item.data.frames ?? [item.data.name]).join(" → ")}: ${count(item.value, "task")}, ${share} % of the blocking tasks`,
  );
}

function kindOf(item, depth) {
  if (depth === 0) return "root";
  if (item.data.frames) return "folded";
  return isPatched(item.data.name) ? "patched" : "plain";
}

function frame(item, total, depth) {
  const path = item
    .ancestors()
    .reverse()
    .slice(1)
    .flatMap((one) => one.data.frames ?? [one.data.name]);
  const { name, frames } = item.data;
  const made = node(
    "button",
    {
      type: "button",
      class: `frame frame-${kindOf(item, depth)}`,
      title: `${(frames ?? [name]).join(" → ")}: ${count(item.value, "task")}`,
      "aria-label": `${name}, ${count(item.value, "task")}, level ${depth + 1}`,
      "aria-expanded": frames ? "false" : null,
      onclick: () =>
        frames ? setFolding(false) : zoom(depth === 0 ? zoomed.slice(0, -1) : [...zoomed, ...path]),
      onfocus: () => show(item, total),
      onmouseenter: () => show(item, total),
    },
    frames ? `${frames[0]} … ${frames[frames.length - 1]}` : name,
    ` (${item.value.toLocaleString("en")})`,
  );
  made.style.left = `${item.x0 * 100}%`;
  made.style.width = `${(item.x1 - item.x0) * 100}%`;
  made.style.top = `${depth * ROW}px`;
  return made;
}

function setFolding(fold) {
  unfolded = !fold;
  zoom([]);
}

function zoom(path) {
  zoomed = path;
  drawn = "";
  draw();
  $("flame").querySelector("button")?.focus();
}

function draw() {
  const box = $("flame");
  const from = rooted();
  const root = hierarchy(unfolded || zoomed.length ? from : folded(from));
  // A task counts in every function on its stack, so values are not summed up.
  root.each((item) => {
    item.value = item.data.value;
  });
  partition().size([1, root.height + 1])(root);
  const frames = [];
  root.each((item) => {
    if (item.x1 - item.x0 >= NARROWEST) frames.push(frame(item, tree.value, item.depth));
  });
  const deepest = Math.max(...frames.map((made) => parseFloat(made.style.top)));
  box.style.height = `${deepest + ROW}px`;
  box.replaceChildren(...frames);
  $("flame-fold").hidden = !unfolded;
}

export function startFlame() {
  $("flame-fold").addEventListener("click", () => setFolding(true));
}

export function setFlame(blocking, status) {
  const section = $("flame-section");
  section.hidden = !blocking || !blocking.stacks?.value;
  if (section.hidden) return;
  const moving = (status?.patches ?? []).filter((patch) => patch.transition);
  modules = moving.map((patch) => patch.name);
  patched = new Set(
    moving.flatMap((patch) =>
      (patch.objects ?? []).flatMap((object) =>
        object.functions.map((f) =>
          object.name === "vmlinux" ? f.name : `${f.name} [${object.name}]`,
        ),
      ),
    ),
  );
  const key = JSON.stringify([blocking.stacks, [...patched]]);
  if (key === drawn) return; // nothing has changed: the focus stays
  const focus = document.activeElement?.getAttribute?.("aria-label");
  tree = blocking.stacks;
  drawn = key;
  draw();
  if (focus)
    [...$("flame").children].find((made) => made.getAttribute("aria-label") === focus)?.focus();
}
