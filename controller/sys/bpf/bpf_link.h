// SPDX-License-Identifier: GPL-2.0
// The owner of a libbpf link: the link is detached with it, unless it is
// pinned.
#ifndef KLPX_CONTROLLER_SYS_BPF_BPF_LINK_H_
#define KLPX_CONTROLLER_SYS_BPF_BPF_LINK_H_

#include <bpf/libbpf.h>

#include <memory>

namespace klpx {

struct BpfLinkDeleter {
  void operator()(bpf_link* link) const { bpf_link__destroy(link); }
};
using BpfLink = std::unique_ptr<bpf_link, BpfLinkDeleter>;

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_BPF_LINK_H_
