// SPDX-License-Identifier: GPL-2.0
// Advice for a transition that does not complete, in the words of
// 'klp-controller blocking'. The page changes nothing itself: each command can
// be copied to a shell.
import { $, node, setText } from "./dom.js";

const SHOWN_MS = 2000;
let shown = "";

// navigator.clipboard exists in a secure context only; otherwise use the old
// way.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = node("textarea", { "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function command(text) {
  const button = node(
    "button",
    {
      type: "button",
      "aria-label": `Copy ${text}`,
      onclick: async () => {
        setText(button, (await copy(text)) ? "Copied" : "Select it");
        setTimeout(() => setText(button, "Copy"), SHOWN_MS);
      },
    },
    "Copy",
  );
  return node("span", { class: "command" }, node("code", {}, text), button);
}

function row({ patch, text, commands }, several) {
  return node(
    "li",
    {},
    node("p", {}, several ? `${patch}: ${text}` : text),
    ...(commands ?? []).map(command),
  );
}

export function setAdvice(event) {
  const advice = event.blocking?.patch ? (event.blocking.advice ?? []) : [];
  const next = Object.entries(event.status?.next ?? {});
  const several = next.length > 1;
  $("advice").hidden = advice.length + next.length === 0;
  setText(
    $("next"),
    next
      .map(([patch, act]) => `What comes next${several ? ` for ${patch}` : ""}: ${act}.`)
      .join(" "),
  );
  const key = JSON.stringify(advice);
  if (key === shown) return; // keeps the "Copied" of a button
  shown = key;
  $("advice-list").replaceChildren(...advice.map((one) => row(one, several)));
}
