// SPDX-License-Identifier: GPL-2.0
// The stacks of the stuck tasks as a flame graph. The server has folded them;
// d3-hierarchy says where each function goes; each is a button, so that the
// keyboard and screen readers get there too.
import { hierarchy, partition } from "d3-hierarchy";
import { $, node, setText, count } from "./dom.js";

const ROW = 22;
const NARROWEST = 0.004;  // of the width; less cannot be seen or hit
let tree = null;
let zoomed = [];  // names from the root to the function that fills the width
let drawn = "";

function hue(name) {
  let hash = 0;
  for (const c of name) hash = (hash * 31 + c.charCodeAt(0)) % 9973;
  return hash % 7;
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

function show(box, item, total) {
  const share = Math.round((100 * item.value) / total);
  setText($("flame-detail"), `${item.data.name}: ${count(item.value, "task")}, ${share} % of those that block`);
}

function frame(item, total, depth) {
  const path = item.ancestors().reverse().slice(1).map((one) => one.data.name);
  const made = node("button", {
    type: "button", class: `frame hue${depth === 0 ? "-root" : hue(item.data.name)}`,
    title: `${item.data.name}: ${count(item.value, "task")}`,
    "aria-label": `${item.data.name}, ${count(item.value, "task")}, level ${depth + 1}`,
    onclick: () => zoom(depth === 0 ? zoomed.slice(0, -1) : [...zoomed, ...path]),
    onfocus: () => show($("flame"), item, total),
    onmouseenter: () => show($("flame"), item, total),
  }, `${item.data.name} (${item.value.toLocaleString("en")})`);
  made.style.left = `${item.x0 * 100}%`;
  made.style.width = `${(item.x1 - item.x0) * 100}%`;
  made.style.top = `${depth * ROW}px`;
  return made;
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
  const root = hierarchy(from);
  // A task counts in every function on its stack: values are given, not summed.
  root.each((item) => { item.value = item.data.value; });
  partition().size([1, root.height + 1])(root);
  const frames = [];
  root.each((item) => {
    if (item.x1 - item.x0 >= NARROWEST) frames.push(frame(item, tree.value, item.depth));
  });
  const deepest = Math.max(...frames.map((made) => parseFloat(made.style.top)));
  box.style.height = `${deepest + ROW}px`;
  box.replaceChildren(...frames);
}

export function setFlame(blocking) {
  const section = $("flame-section");
  section.hidden = !blocking || !blocking.stacks?.value;
  if (section.hidden) return;
  const key = JSON.stringify(blocking.stacks);
  if (key === drawn) return;  // the focus stays where it is
  const focus = document.activeElement?.getAttribute?.("aria-label");
  tree = blocking.stacks;
  drawn = key;
  draw();
  if (focus) [...$("flame").children].find((made) => made.getAttribute("aria-label") === focus)?.focus();
}
