/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bits of task_struct::flags (PF_* in include/linux/sched.h). They are macros
 * there, so BTF does not have them. The same in 6.12 and 7.3.
 */
#ifndef KLPX_TASK_FLAGS_BPF_H
#define KLPX_TASK_FLAGS_BPF_H

#define FLAG_EXITING		0x00000004
#define FLAG_IO_WORKER		0x00000010
#define FLAG_USER_WORKER	0x00004000
#define FLAG_KTHREAD		0x00200000
/* Either kind of worker that belongs to a process. */
#define FLAGS_WORKER		(FLAG_IO_WORKER | FLAG_USER_WORKER)

#endif /* KLPX_TASK_FLAGS_BPF_H */
