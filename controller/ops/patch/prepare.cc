// SPDX-License-Identifier: GPL-2.0
// Prepares the machine for a patch before it is loaded.
#include "controller/ops/patch/prepare.h"

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {

std::function<void()> UndoPreparation(const Machine& machine,
                                      Recorder& recorder, bool locked,
                                      Warnings& warnings) {
  const bool had_engine = IsModuleLoaded(machine.kernel, KLPX_MODULE_NAME);
  return [machine, &recorder, had_engine, locked, &warnings] {
    if (had_engine || !locked) return;
    if (!ReadPatches(machine.kernel, Engine::kKlpx).empty()) return;
    machine.policy.Detach().IgnoreError();
    machine.observer.Unpin().IgnoreError();
    if (RemoveModule(machine.kernel, recorder, KLPX_MODULE_NAME).ok()) return;
    // A patch was loaded by insmod, which takes no lock: give it the observer
    // and the policy back.
    AttachObserver(machine.observer, warnings);
    ApplyIfNone(machine.kernel, machine.policy, Engine::kKlpx).IgnoreError();
  };
}

void AttachObserver(ObserverAccess& observer, Warnings& warnings) {
  const auto attached = observer.Attach();
  if (attached.ok()) return;
  warnings.Add(absl::StrCat("no BPF observer, 'blocking' will not work: ",
                            attached.status().message()));
}

absl::Status RemoveLeftover(Kernel& kernel, Recorder& recorder,
                            const std::string& module) {
  for (const PatchState& patch : ReadPatches(kernel)) {
    if (patch.name == module) return RemoveModule(kernel, recorder, module);
  }
  return absl::OkStatus();
}

}  // namespace klpx
