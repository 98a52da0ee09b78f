# SPDX-License-Identifier: GPL-2.0
"""Makes the page: fetches its libraries with npm, bundles, writes assets.cc.

Called by CMake: bundle.py bundle|leave-out WORK_DIRECTORY OUTPUT.cc. Everything that a browser
will ask for ends up inside the program; the lock file says which versions, and
their hashes, npm may install.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
NPM_SECONDS = 300
BYTES_PER_LINE = 24
LIBRARIES = ("uplot", "d3-hierarchy")
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".txt": "text/plain; charset=utf-8"}


class BundleError(Exception):
    """The page cannot be made; the message says why and what to do."""


def run(command, what, advice, **options):
    try:
        result = subprocess.run(command, check=False, text=True,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, **options)
    except FileNotFoundError as error:
        raise BundleError(f"{what}: no program '{command[0]}'; "
                          "'./run setup' installs it") from error
    except subprocess.TimeoutExpired as error:
        raise BundleError(f"{what}: no end after {error.timeout} s; "
                          f"{advice}") from error
    if result.returncode:
        raise BundleError(f"{what}: failed; {advice}\n{result.stdout.strip()}")


def install_libraries(work):
    """npm ci, unless the very same was installed before."""
    lock = (SOURCE / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    stamp = work / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, work / name)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "page: npm ci", "it needs the npm registry that this machine's npm is "
        "set up for ('npm ping' tells); nothing else is downloaded",
        cwd=work, timeout=NPM_SECONDS)
    stamp.write_text(wanted, encoding="utf-8")


def bundle(work, out):
    environment = {**os.environ, "NODE_PATH": str(work / "node_modules")}
    for name in ("app.js", "style.css"):
        run([str(work / "node_modules/.bin/esbuild"), str(SOURCE / name),
             "--bundle", "--minify", "--format=esm", "--target=es2020",
             "--legal-comments=none", "--log-level=warning",
             f"--outfile={out / name}"],
            f"page: bundling {name}", "mend what it says", env=environment,
            timeout=NPM_SECONDS)
    for name in ("index.html", "icon.svg"):
        shutil.copy(SOURCE / name, out / name)
    licences = [f"{name}\n\n"
                + (work / "node_modules" / name / "LICENSE").read_text("utf-8")
                for name in LIBRARIES]
    (out / "licences.txt").write_text("\n\n".join(licences), "utf-8")


def array(name, data):
    lines = [", ".join(str(byte) for byte in data[at:at + BYTES_PER_LINE])
             for at in range(0, len(data), BYTES_PER_LINE)]
    body = ",\n    ".join(lines)
    return f"constexpr unsigned char {name}[] = {{\n    {body}}};\n"


def write_table(out, target):
    arrays, rows = [], []
    for number, path in enumerate(sorted(out.iterdir())):
        data = path.read_bytes()
        tag = hashlib.sha256(data).hexdigest()[:16]
        arrays.append(array(f"kAsset{number}", data))
        rows.append(f'    {{"/{path.name}", "{TYPES[path.suffix]}", "{tag}",\n'
                    f"     Text(kAsset{number})}},\n")
    text = ("// SPDX-License-Identifier: GPL-2.0\n"
            "// Made by bundle.py; not to be edited.\n"
            '#include "controller/web/assets.h"\n\n'
            "namespace klpx {\nnamespace {\n\n" + "\n".join(arrays) + """
template <size_t N>
absl::string_view Text(const unsigned char (&bytes)[N]) {
  return {reinterpret_cast<const char*>(bytes), N};
}

}  // namespace

absl::Span<const Asset> Assets() {
  static const Asset kAssets[] = {
""" + "".join(rows) + """  };
  return kAssets;
}

}  // namespace klpx
""")
    target.write_text(text, encoding="utf-8")


def leave_out(out):
    """Where there is no npm: a page that says so."""
    (out / "index.html").write_text(
        "<!doctype html><title>klpx</title><p>This klp-controller was built "
        "without npm, and so without its page. What it would show is at "
        "<a href=/api/v1/snapshot>/api/v1/snapshot</a>.\n", "utf-8")


def main(mode, work, target):
    work.mkdir(parents=True, exist_ok=True)
    out = work / "page"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    if mode == "leave-out":
        leave_out(out)
    else:
        install_libraries(work)
        bundle(work, out)
    write_table(out, target)


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    except BundleError as problem:
        sys.exit(f"{problem}")
