# SPDX-License-Identifier: GPL-2.0
"""./run bench: measures both engines, prints the table, fails if a row fails.

./run bench [ROW...] runs those rows only; './run bench list' names them.
'./run bench curves' measures how costs grow, and draws it; './run bench micro'
runs the benchmarks of user-space code.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "vm"))

# pylint: disable=wrong-import-position
import boots  # noqa: E402
import build  # noqa: E402
import host  # noqa: E402
import kernels  # noqa: E402
import plot  # noqa: E402
import rows  # noqa: E402
import table  # noqa: E402
from common import BUILD, ROOT, HarnessError, main, note  # noqa: E402

RESULTS = BUILD / "bench"
PLOT = ROOT / "docs/performance.svg"
HOST = "host"  # not a boot


def _needed(wanted):
    """{boot: [scenario]}, in the order of the rows."""
    needed = {}
    for row in wanted:
        for boot, scenario in sorted(row.scenarios):
            known = needed.setdefault(boot, [])
            if scenario not in known:
                known.append(scenario)
    return needed


def _measure(kernel, needed):
    results = {}
    for boot, scenarios in needed.items():
        note(f"bench: {boot}: {' '.join(scenarios)}")
        results[boot] = (
            host.measure(kernel, scenarios)
            if boot == HOST
            else boots.measure(kernel, boot, scenarios)
        )
    return results


def _save(name, document):
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / name
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    note(f"bench: {path}")


def _conditions(kernel):
    return {
        "kernel": kernel.release,
        "time": time.strftime("%F %T"),
        "load": os.getloadavg(),
        "cpus": os.cpu_count(),
    }


def _rows(kernel, names):
    try:
        wanted = rows.chosen(names)
    except KeyError as error:
        raise HarnessError(f"bench: no row {error}; './run bench list' names them") from error
    conditions = _conditions(kernel)
    results = _measure(kernel, _needed(wanted))
    verdicts = [table.judge(row, results) for row in wanted]
    print(table.as_text(verdicts))
    _save(
        "results.json",
        {
            "conditions": conditions,
            "measured": results,
            "rows": [verdict.as_json() for verdict in verdicts],
        },
    )
    (RESULTS / "results.md").write_text(table.as_markdown(verdicts) + "\n", encoding="utf-8")
    return 0 if all(verdict.good for verdict in verdicts) else 1


def _curves(kernel):
    conditions = _conditions(kernel)
    curves = boots.measure(kernel, "curves", ["curves"])["curves"]
    _save("curves.json", {"conditions": conditions, "curves": curves})
    plot.draw(curves, PLOT)
    note(f"bench: {PLOT}")
    return 0


def _micro(kernel):
    results = host.measure(kernel, ["core", "stub"])
    for name, unit in (("core", "ns"), ("stub", "cycles")):
        for benchmark, value in results[name].items():
            print(f"{benchmark:24} {table.number(value):>12} {unit}")
    _save("micro.json", {"conditions": _conditions(kernel), **results})
    return 0


OTHERS = {"curves": _curves, "micro": _micro}


def bench(arguments):
    parser = argparse.ArgumentParser(prog="run bench")
    parser.add_argument("words", nargs="*", metavar="ROW|list|curves|micro")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    parser.add_argument(
        "--no-build", action="store_true", help="use the existing build, even if it is stale"
    )
    options = parser.parse_args(arguments)
    if options.words == ["list"]:
        print("\n".join(f"{row.name:18} {row.what}" for row in rows.ROWS))
        return 0
    kernel = kernels.find(options.kernel)
    if not options.no_build:
        build.build_all(kernel)
    boots.build(kernel)
    if len(options.words) == 1 and options.words[0] in OTHERS:
        return OTHERS[options.words[0]](kernel)
    return _rows(kernel, options.words)


if __name__ == "__main__":
    main(bench)
