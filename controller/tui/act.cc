// SPDX-License-Identifier: GPL-2.0
// Carries out the requests of top.
#include "controller/tui/act.h"

#include <optional>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/report/report.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// Fails if the transition was reversed, or has ended, since the question was
// put on the screen.
absl::Status CheckDirection(Kernel& kernel, const Request& request) {
  const std::optional<PatchState> patch = ReadPatch(kernel, request.patch);
  if (patch && patch->transition && patch->enabled == request.patching) {
    return absl::OkStatus();
  }
  return Error(ErrorKind::kNoTransition, "'", request.patch,
               "': the transition has changed; nothing was done");
}

absl::StatusOr<int> RunVerb(Context& context, const Request& request) {
  switch (request.kind) {
    case RequestKind::kSignal:
      return RunSignal(context, {request.patch, request.task});
    case RequestKind::kReverse: {
      DisableOptions options;
      options.patch = request.patch;
      options.wait.no_wait = true;
      return RunReverse(context, options);
    }
    case RequestKind::kPriceOfForce:
    case RequestKind::kForce:
      return RunForce(
          context.supervisor(),
          {request.patch, request.task, request.kind == RequestKind::kForce});
    case RequestKind::kNothing:
    case RequestKind::kQuit:
    case RequestKind::kRedraw:
      break;
  }
  return 0;
}

}  // namespace

ActionResult Act(Context& context, const Request& request) {
  std::ostringstream out;
  std::ostringstream err;
  std::string asides;
  Context own(context, out, err);
  own.console.style.asides = &asides;
  const absl::Status same = CheckDirection(own.kernel, request);
  const absl::StatusOr<int> done =
      same.ok() ? RunVerb(own, request) : absl::StatusOr<int>(same);
  ActionResult result;
  result.request = request;
  // Showing the price ends as a refusal of the verb, but here the price is the
  // result.
  const bool price = request.kind == RequestKind::kPriceOfForce &&
                     KindOf(done.status()) == ErrorKind::kUsage;
  result.ok = done.ok() || price;
  // The price was on the screen before; repeating it would hide the result.
  result.text = absl::StrCat(asides, price ? err.str() : out.str());
  if (!result.ok) absl::StrAppend(&result.text, ErrorText(done.status()));
  if (request.kind == RequestKind::kPriceOfForce && done.ok())
    result.ok = false;
  return result;
}

}  // namespace klpx
