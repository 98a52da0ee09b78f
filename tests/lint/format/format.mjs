// SPDX-License-Identifier: GPL-2.0
// format.mjs check|write MODULES FILE...: prettier for JavaScript and ruff for
// Python, from the directory MODULES. Prints 'path:line: what' for each file
// that is not laid out as they would, and for names that are unknown or unused.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const PYTHON = {
  "line-length": 100,
  "target-version": "py311",
  // B905 wants strict= in each zip(); ours often mean to stop at the shorter.
  lint: { select: ["B", "E9", "F"], ignore: ["B905"] },
};
const JAVASCRIPT = { printWidth: 100 };

const [mode, modules, ...files] = process.argv.slice(2);
const load = createRequire(resolve(modules, "package.json"));
const ruff = load("@astral-sh/ruff-wasm-nodejs");
const prettier = load("prettier");
const python = new ruff.Workspace(PYTHON, ruff.PositionEncoding.Utf32);

function firstDifference(before, after) {
  const lines = before.split("\n");
  const others = after.split("\n");
  return lines.findIndex((line, at) => line !== others[at]) + 1 || lines.length;
}

for (const file of files) {
  const before = readFileSync(file, "utf8");
  try {
    for (const found of file.endsWith(".py") ? python.check(before) : []) {
      const { row } = found.start_location;
      console.log(`${file}:${row}: ${found.code} ${found.message}`);
    }
    const after = file.endsWith(".py")
      ? python.format(before)
      : await prettier.format(before, { ...JAVASCRIPT, filepath: file });
    if (after === before) continue;
    if (mode === "write") writeFileSync(file, after);
    const line = firstDifference(before, after);
    console.log(`${file}:${line}: the formatter changes this`);
  } catch (error) {
    console.log(`${file}:1: ${String(error.message ?? error).split("\n")[0]}`);
  }
}
