# SPDX-License-Identifier: GPL-2.0
"""Debian packages: those that the project needs, and their installation.

Debian's own packages only; on Debian 12 some come from backports, from the
mirror that the machine's own sources name.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from common import HarnessError, note, run

# package -> the oldest version that will do; on Debian 12 a package with one
# comes from backports, so those it needs from there have one too
DEMO_PACKAGES = {  # to build klpx.ko and klp-controller, and to boot a guest
    "busybox-static": "",
    "ca-certificates": "",
    "clang-19": "",
    "cmake": "",
    "g++": "",
    "gcc": "",
    "kmod": "",
    "libabsl-dev": "",
    "libarchive-dev": "",
    "libboost-dev": "",
    "libc6-dev": "",
    "libcli11-dev": "",
    "libelf-dev": "",
    "libncurses-dev": "",
    "libsqlite3-dev": "",
    "libssl-dev": "",
    "libtomlplusplus-dev": "",
    "make": "",
    "ninja-build": "",
    "nlohmann-json3-dev": "",
    "pahole": "",
    "pkg-config": "",
    "procps": "",
    "xz-utils": "",
    "zlib1g-dev": "",
    "bpftool": "7.5",
    "libbpf-dev": "1:1.4.6",
    "libbpf1": "1:1.4.6",
    "qemu-system-x86": "1:10",
    "qemu-system-common": "1:10",
    "qemu-system-data": "1:10",
    "seabios": "1.16.3",
}
PACKAGES = {  # to build the rest: the daemon, the tests
    **DEMO_PACKAGES,
    "git": "",
    "iproute2": "",
    "jq": "",
    "libbenchmark-dev": "",
    "libgmock-dev": "",
    "libgtest-dev": "",
    "libsystemd-dev": "",
    "liburing-dev": "",
}
PAGE_PACKAGES = {  # for the page of 'serve'; without them it is left out
    "nodejs": "",
    "npm": "",
}
TEST_PACKAGES = {  # what the tests need besides
    **PAGE_PACKAGES,
    "bpftrace": "",
    "chromium": "",
    "clang-format-19": "",
    "fish": "",
    "linux-perf": "",
    "perl": "",
    "prometheus": "",
    "python3-jsonschema": "",
    "shellcheck": "",
    "sparse": "",
    "systemd": "",
    "tmux": "",
    "trace-cmd": "",
    "universal-ctags": "",
    "zsh": "",
}
OLDEST_DEBIAN = 12
BACKPORTS_SUITE = "bookworm-backports"
SOURCES = Path("/etc/apt/sources.list.d")


def root_prefix():
    """The prefix of a command that needs root."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        raise HarnessError(
            "installing: needs root, and there is no sudo; run './run setup' as root once"
        )
    return ["sudo"]


def as_root(*command):
    """Runs a command as root and returns what it printed."""
    return run(
        [*root_prefix(), "env", "DEBIAN_FRONTEND=noninteractive", *command],
        f"'{' '.join(command[:6])}'",
    )


def installed():
    """Versions of the installed ones among PACKAGES (virtual names too)."""
    result = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version} ${Package}, ${Provides}\n"],
        capture_output=True,
        text=True,
        check=False,
    )
    versions = {}
    for line in result.stdout.splitlines():
        status, version, names = line.split(" ", 2)
        if status == "installed":
            for name in names.split(","):
                versions.setdefault(name.split(" (")[0].strip(), version)
    return versions


def missing(wanted):
    """The packages of wanted, {package: oldest version}, not installed."""
    versions = installed()

    def good(package, oldest):
        if package not in versions:
            return False
        return (
            not oldest
            or subprocess.run(
                ["dpkg", "--compare-versions", versions[package], "ge", oldest], check=False
            ).returncode
            == 0
        )

    return [name for name, oldest in wanted.items() if not good(name, oldest)]


def debian_release():
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    values = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE))
    if values.get("ID") != "debian" or "VERSION_ID" not in values:
        raise HarnessError(
            f"this machine: not Debian 12 or 13 (it is {values.get('PRETTY_NAME', 'unknown')})"
        )
    if int(values["VERSION_ID"]) < OLDEST_DEBIAN:
        raise HarnessError("this machine: Debian is older than 12")
    return int(values["VERSION_ID"]), values["VERSION_CODENAME"]


def configured_suites():
    """The sources file of each suite: {suite: sources file}."""
    result = subprocess.run(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(RELEASE) $(SOURCESENTRY)",
            "Created-By: Packages",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    pairs = (line.split(" ", 1) for line in result.stdout.splitlines())
    return {suite: entry.rsplit(":", 1)[0] for suite, entry in reversed(list(pairs))}


def _entry_naming(codename, text, suites):
    """The entry of a sources file that names codename, naming suites instead.

    A stanza of a .sources file or a line of a .list file: whatever mirror,
    key and options the machine uses for its main suite stay as they are.
    """
    word = rf"(?<!\S){codename}(?!\S)"
    for stanza in re.split(r"\n\s*\n", text):
        if re.search(rf"^Suites:.*{word}", stanza, re.MULTILINE):
            lines = [line for line in stanza.splitlines() if not line.startswith("#")]
            return ".sources", re.sub(
                r"^Suites:.*$", f"Suites: {' '.join(suites)}", "\n".join(lines), flags=re.MULTILINE
            )
    for line in text.splitlines():
        if re.match(rf"deb\s.*{word}", line):
            return ".list", "\n".join(re.sub(word, suite, line, count=1) for suite in suites)
    raise HarnessError(f"apt sources: the entry for '{codename}' is not one that can be copied")


def mirror_entry(*suites):
    """An apt source for suites from the machine's mirror: (suffix, text)."""
    _, codename = debian_release()
    configured = configured_suites()
    if codename not in configured:
        raise HarnessError(f"apt sources: none names '{codename}'; add one")
    text = Path(configured[codename]).read_text(encoding="utf-8")
    return _entry_naming(codename, text, suites)


def _add_backports():
    if BACKPORTS_SUITE in configured_suites():
        return
    suffix, entry = mirror_entry(BACKPORTS_SUITE)
    target = SOURCES / f"klpx-backports{suffix}"
    note(f"adding {BACKPORTS_SUITE} to the apt sources ({target})")
    subprocess.run(
        [*root_prefix(), "tee", target],
        input=f"# Added by klpx ./run setup.\n{entry}\n",
        stdout=subprocess.DEVNULL,
        text=True,
        check=True,
    )


def require(wanted):
    """Installs the missing packages of wanted, {package: oldest version}."""
    left = missing(wanted)
    if left:
        _install({name: wanted[name] for name in left})
        left = missing(wanted)
    if left:
        raise HarnessError(f"setup: apt has no new enough {' '.join(left)}")


def _upgraded(text):
    """What 'apt-get -s install' would replace by another version of itself."""
    return re.findall(r"^Inst (\S+) \[", text, re.MULTILINE)


def _install(packages):
    backports = ""
    if debian_release()[0] == OLDEST_DEBIAN:
        _add_backports()
        backports = f"/{BACKPORTS_SUITE}"
    note("reading the package lists (apt-get update)")
    _apt("update", "-qq")
    # Suites are given by package: with -t, all they depend on would come from
    # backports too, and then the packages from the main suite would not fit.
    wanted = [name + (backports if oldest else "") for name, oldest in packages.items()]
    planned = _apt("install", "-s", "--no-install-recommends", *wanted)
    upgraded = _upgraded(planned)
    note(f"installing {planned.count(chr(10) + 'Inst ')} packages: {' '.join(packages)}")
    if upgraded:
        note(
            "replacing these installed packages by the newer versions that "
            f"the others need: {' '.join(upgraded)}"
        )
    _apt("install", "-y", "-qq", "--no-install-recommends", *wanted)


def _apt(*words):
    """Runs apt-get; shows its output only if it fails."""
    return as_root("apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0", *words)
