// SPDX-License-Identifier: GPL-2.0
// A patch file, the patch that it was loaded as, and both, for 'info'.
#ifndef KLPX_TESTS_UNIT_CORE_REPORT_INFO_SAMPLES_H_
#define KLPX_TESTS_UNIT_CORE_REPORT_INFO_SAMPLES_H_

#include "controller/core/report/report.h"

namespace klpx {

// A patch of vmlinux and of ext4, before it is loaded.
inline InfoReport OfFile() {
  InfoReport report;
  report.path = "fix.ko";
  report.file = PatchFile();
  report.file->module = "fix";
  report.file->engine = Engine::kKlpx;
  PatchDescription& patch = report.file->patch.emplace();
  patch.model = "tasks";
  patch.objects = {{"vmlinux", {}}, {"ext4", {"pre_patch", "post_patch"}}};
  patch.functions = {{"vmlinux", "do_open", "new_open", 2},
                     {"ext4", "ext4_open", "", 0}};
  patch.states = {{7, "sockets", 2, true, true, {"shadow_dtor"}}};
  return report;
}

inline PatchState Loaded() {
  PatchState patch;
  patch.name = "fix";
  patch.registered = true;
  patch.enabled = true;
  patch.stack_order = 1;
  patch.replace = false;
  patch.replace_set = 0;
  patch.model = "tasks";
  patch.version = "1.0";
  patch.objects = {{"vmlinux", true, {{"do_open", "2", "fix"}}, {}},
                   {"ext4", false, {{"ext4_open", "1", "fix"}}, {"pre_patch"}}};
  patch.states = {{7, "sockets", 2, true, true, {"shadow_dtor"}}};
  return patch;
}

inline InfoReport OfPatch() {
  InfoReport report;
  report.patch = Loaded();
  report.installed = {Loaded()};
  return report;
}

inline InfoReport OfBoth(bool same_build) {
  InfoReport report = OfFile();
  report.patch = Loaded();
  report.installed = {Loaded()};
  report.same_build = same_build;
  return report;
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_CORE_REPORT_INFO_SAMPLES_H_
