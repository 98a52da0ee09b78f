/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stubs of the fast path. A patched function calls its stub where ftrace
 * has the call instruction; the stub replaces its own return address by the
 * address of the new function and returns. So each call is paired with a
 * return: one misprediction, where a stub that dropped the return address and
 * jumped would put the CPU's return stack off by one, and every return up the
 * chain with it.
 *
 * Only the constant of a stub is ever written (stubs.c). Reached by a direct
 * CALL, or by the RET of ftrace's trampoline, so there is no ENDBR. RET is what
 * the kernel makes of it: a jump to its return thunk if the CPU needs that.
 * Where that thunk counts returns (retbleed=stuff, its=stuff), the call that
 * leads here has to be counted too, which calls from a function's ftrace
 * location are not: CALL_DEPTH_ACCOUNT, as in ftrace's own trampolines. It is a
 * NOP where it is not needed, and empty on kernels without that mitigation.
 *
 * A task that is preempted here has the stub's address, and then either the
 * return address into the patched function's entry or the address of the new
 * function, on its stack; both are unsafe (unsafe.c) while the version
 * that the stub leads to is being taken away.
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/asm.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>

#include "stubs.h"

	.text
	.balign	KLPX_STUB_SIZE
SYM_CODE_START(klpx_stub_text)
	ANNOTATE_NOENDBR
	.rept	KLPX_STUBS
	UNWIND_HINT_FUNC
	movq	$0, (%rsp)
	CALL_DEPTH_ACCOUNT
	RET
	.balign	KLPX_STUB_SIZE, 0xcc
	.endr
SYM_CODE_END(klpx_stub_text)
_ASM_NOKPROBE(klpx_stub_text)
