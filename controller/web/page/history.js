// SPDX-License-Identifier: GPL-2.0
// The past transitions: how each ended, how long it took, which user asked for
// it.
import { $, node, table, setText, duration, utc, getJson } from "./dom.js";

let tag = null;
const HEADERS = [
  { title: "#", number: true },
  { title: "Begun" },
  { title: "Patch" },
  { title: "Direction" },
  { title: "Outcome" },
  { title: "Took", number: true },
  { title: "" },
  { title: "Blockers", number: true },
  { title: "Forced", number: true },
  { title: "Findings" },
  { title: "By" },
];
const BAD = { forced: true, unknown: true, interrupted: true };

function who(initiator) {
  if (initiator.by === "outside") return "outside";
  const user = initiator.sudo_user
    ? `${initiator.user} (sudo ${initiator.sudo_user})`
    : initiator.user;
  return [user ?? initiator.by, initiator.verb].filter(Boolean).join(": ");
}

function bar(ms, longest) {
  const made = node("span", { class: "bar", "aria-hidden": "true" });
  // The length is proportional to the time: beside one of minutes, the bar of a
  // second is only a line.
  made.style.width = ms ? `max(1px, ${(100 * ms) / longest}%)` : "0";
  return made;
}

function findings(list) {
  const grave = list.filter((finding) => finding.severity !== "note");
  if (grave.length === 0) return "";
  return node(
    "details",
    {},
    node("summary", {}, node("span", { class: "badge warn" }, `${grave.length}`)),
    node(
      "ul",
      {},
      ...grave.map((f) =>
        node("li", {}, `${f.severity}: ${[f.subject, f.text].filter(Boolean).join(": ")}`),
      ),
    ),
  );
}

function row(transition, longest) {
  return [
    node(
      "a",
      {
        href: `api/v1/history/${transition.id}`,
        "aria-label": `Transition ${transition.id} as JSON`,
      },
      String(transition.id),
    ),
    utc(transition.begun),
    transition.patch,
    transition.direction,
    node(
      "span",
      { class: `badge outcome-${transition.outcome}${BAD[transition.outcome] ? " bad" : ""}` },
      transition.outcome,
    ),
    duration(transition.took_ms),
    bar(transition.took_ms, longest),
    String(transition.blockers),
    transition.forced ? node("span", { class: "badge bad" }, `${transition.forced}`) : "0",
    findings(transition.findings ?? []),
    who(transition.initiator),
  ];
}

export async function setHistory(about) {
  if (about.tag === tag) return;
  tag = about.tag;
  try {
    const { transitions } = await getJson("api/v1/history?limit=100&brief=1");
    const longest = Math.max(1, ...transitions.map((one) => one.took_ms ?? 0));
    setText(
      $("history-note"),
      about.source === "database" ? "" : "From the snapshot: the newest transitions only.",
    );
    $("history-table").replaceChildren(
      transitions.length
        ? table(
            "Past transitions, newest first",
            HEADERS,
            transitions.map((one) => row(one, longest)),
          )
        : node("p", { class: "empty" }, "No transitions on record."),
    );
  } catch (error) {
    tag = null;
    setText($("history-note"), `The history is not available: ${error.message}`);
  }
}
