#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Compressed modules, as modules_install and DKMS install them on a kernel with
# compressed modules: the engine, a patch, an accepted patch; and damaged ones.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_demo_cmdline
PACKED=/tmp/packed
ACCEPTED=/var/lib/klpx/accepted/$(uname -r)

# pack FILE KIND: writes FILE.KIND beside FILE.
pack() {
  python3 -c "import gzip, lzma, sys
data = open(sys.argv[1], 'rb').read()
pack = {'xz': lzma.compress, 'gz': gzip.compress}[sys.argv[3]]
open(sys.argv[2], 'wb').write(pack(data))" "$1" "$PACKED/$1.$2" "$2"
}

mkdir $PACKED
pack klpx.ko xz
pack $P.ko xz
pack $P.ko gz

note "before it is loaded: info, and preflight"
json 0 klp.info/v1 info $PACKED/$P.ko.xz
expect_eq "function" cmdline_proc_show "$(json_get "['file']['functions'][0]['name']")"
cli 0 preflight $PACKED/$P.ko.gz

note "engine and patch, both compressed; again; unloaded by the same name"
cli 0 enable --klpx-module $PACKED/klpx.ko $PACKED/$P.ko.xz
expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
for same in $P.ko $PACKED/$P.ko.gz; do
  json 0 klp.action/v1 enable "$same"
  expect_eq "result of $same" unchanged "$(json_get "['result']")"
done

note "accepted: kept uncompressed, and restored"
cli 0 accept $PACKED/$P.ko.xz
cmp "$ACCEPTED"/$P.*.ko $P.ko
cli 0 unload $PACKED/$P.ko.xz
cli 0 restore
expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
cli 0 accept --revoke $P
cli 0 unload $P

note "damaged, or no module: refused with a reason, and nothing is left"
cp $PACKED/$P.ko.xz whole.xz
truncate -s -100 $PACKED/$P.ko.xz
cli_refuses 10 "xz data cannot be decompressed" enable $PACKED/$P.ko.xz
cli 6 preflight $PACKED/$P.ko.xz
says "xz data cannot be decompressed"
xz_of_text=$PACKED/text.ko.xz
echo "no module" >text.ko
pack text.ko xz
cli_refuses 10 "not a kernel module" enable $xz_of_text
cli 0 unload klpx
truncate -s -100 $PACKED/klpx.ko.xz
cli_refuses 20 "$PACKED/klpx.ko.xz: not a kernel module: its xz data" enable \
  --klpx-module $PACKED/klpx.ko $P.ko
