# SPDX-License-Identifier: GPL-2.0
# Two precompiled headers, which shorten a build by a quarter: one of the
# controller's libraries, one of the unit tests with GoogleTest. A source file
# includes what it uses all the same: KLPX_PRECOMPILE=OFF builds without.
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
# It defines nothing of its own, since the compiler takes a header only where
# all is defined that was defined when it was made.
function(klpx_precompiled name libraries)
  if(NOT KLPX_PRECOMPILE)
    return()
  endif()
  file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cc" CONTENT "\n")
  add_library(${name} OBJECT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cc")
  target_link_libraries(${name} PRIVATE klpx_options ${libraries})
  target_precompile_headers(${name} PRIVATE ${klpx_precompiled_headers} ${ARGN})
endfunction()

# klpx_precompile(NAME TARGETS): these use it. Their options are the same.
function(klpx_precompile name)
  if(NOT KLPX_PRECOMPILE)
    return()
  endif()
  foreach(target IN LISTS ARGN)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endforeach()
endfunction()
