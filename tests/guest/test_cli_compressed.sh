#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Modules as modules_install and DKMS leave them where the kernel's own are
# compressed: the engine, a patch, what is accepted of it; and damaged ones.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_demo_cmdline
PACKED=/tmp/packed
ACCEPTED=/var/lib/klpx/accepted/$(uname -r)

# pack FILE KIND: beside the others, as FILE.KIND.
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

note "before it is in: what it is, and whether it may go in"
json 0 klp.info/v1 info $PACKED/$P.ko.xz
expect_eq "function" cmdline_proc_show "$(json_get "['file']['functions'][0]['name']")"
cli 0 preflight $PACKED/$P.ko.gz

note "the engine and the patch, both compressed; again; out by the same name"
cli 0 enable --klpx-module $PACKED/klpx.ko $PACKED/$P.ko.xz
expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
for same in $P.ko $PACKED/$P.ko.gz; do
  json 0 klp.action/v1 enable "$same"
  expect_eq "result of $same" unchanged "$(json_get "['result']")"
done

note "accepted: kept as it was before it was compressed, and restored"
cli 0 accept $PACKED/$P.ko.xz
cmp "$ACCEPTED"/$P.*.ko $P.ko
cli 0 unload $PACKED/$P.ko.xz
cli 0 restore
expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
cli 0 accept --revoke $P
cli 0 unload $P

note "damaged, or no module: said, and nothing is left"
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
