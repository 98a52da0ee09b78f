# SPDX-License-Identifier: GPL-2.0
"""The contrast of the page's text: a script to be run in the browser."""

CONTRAST = """(() => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const hex = style.getPropertyValue(name).trim().slice(1);
    const full = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
    const part = (i) => {
      const v = parseInt(full.slice(2 * i, 2 * i + 2), 16) / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const pairs = [["--text", "--card"], ["--text", "--ground"], ["--quiet", "--card"],
    ["--quiet", "--ground"], ["--accent", "--card"], ["--good", "--good-ground"],
    ["--warn", "--warn-ground"], ["--bad", "--bad-ground"], ["--text", "--line"],
    ["--text", "--frame"], ["--text", "--frame-patched"], ["--warn", "--card"]];
  return pairs.map(([a, b]) => [`${a} on ${b}`, ratio(light(a), light(b))]);
})()"""
