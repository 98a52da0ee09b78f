# SPDX-License-Identifier: GPL-2.0
"""Draws the curves: the cost of enabling and disabling, for both engines."""

import packages

NEEDED = {"python3-matplotlib": ""}
ENGINES = {"kernel": "tab:orange", "klpx": "tab:blue"}
VERBS = (("enable", "-"), ("disable", "--"))
INCHES = (12, 4)


def _draw(axes, name, curve):
    for engine, colour in ENGINES.items():
        points = curve[engine]
        for column, (verb, style) in enumerate(VERBS, 1):
            axes.plot(
                [point[0] for point in points],
                [point[column] for point in points],
                style,
                color=colour,
                marker=".",
                label=f"{engine}, {verb}",
            )
    axes.set(
        xlabel=name, ylabel="seconds", yscale="log", xscale="linear" if name == "patches" else "log"
    )
    axes.grid(True, which="both", alpha=0.3)


def draw(curves, path):
    """Writes an SVG of curves, {what grows: {engine: points}}."""
    packages.require(NEEDED)
    # It may have been installed just now.
    import matplotlib  # pylint: disable=import-outside-toplevel

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "klpx"
    from matplotlib import pyplot  # pylint: disable=import-outside-toplevel

    figure, plots = pyplot.subplots(1, len(curves), figsize=INCHES)
    for axes, (name, curve) in zip(plots, curves.items()):
        _draw(axes, name, curve)
    plots[0].legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
