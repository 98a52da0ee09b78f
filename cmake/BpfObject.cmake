# SPDX-License-Identifier: GPL-2.0
# bpf_skeleton(NAME SOURCE...): compiles the sources as one object and generates
# NAME.skel.h, with functions NAME__open() and so on. Link the interface target
# NAME and include "NAME.skel.h". vmlinux.h comes from the BTF in KLPX_VMLINUX.
# Included once, by bpf/; the function is available to everything after that.
#
# One object, because libbpf reads all of the kernel's BTF for each. One compiler
# run, because bpftool 7.5 cannot link objects that share a kfunc; its "gen
# object" is used on the one object to drop DWARF, nine tenths of the bytes.

find_program(BPFTOOL bpftool PATHS /usr/sbin /usr/local/sbin REQUIRED)
find_program(BPF_CLANG NAMES clang-19 clang REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBBPF REQUIRED IMPORTED_TARGET GLOBAL "libbpf >= 1.4")

set(_bpf_btf "${KLPX_VMLINUX}")
if(NOT EXISTS "${_bpf_btf}")
  file(GLOB _bpf_btf /usr/src/linux-headers-*/vmlinux)
  list(SORT _bpf_btf COMPARE NATURAL ORDER DESCENDING)
  list(APPEND _bpf_btf /sys/kernel/btf/vmlinux)
  list(GET _bpf_btf 0 _bpf_btf)
endif()
if(NOT EXISTS "${_bpf_btf}")
  message(FATAL_ERROR "no kernel BTF: KLPX_VMLINUX=${KLPX_VMLINUX} does not "
    "exist; install the linux-headers package or pass -DKLPX_VMLINUX=FILE")
endif()

set(_bpf_dir "${CMAKE_BINARY_DIR}/bpf")
add_custom_command(
  OUTPUT "${_bpf_dir}/vmlinux.h"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${_bpf_dir}"
  COMMAND ${BPFTOOL} btf dump file "${_bpf_btf}" format c
          > "${_bpf_dir}/vmlinux.h.new"
  COMMAND ${CMAKE_COMMAND} -E rename "${_bpf_dir}/vmlinux.h.new"
          "${_bpf_dir}/vmlinux.h"
  DEPENDS "${_bpf_btf}"
  COMMENT "Generating vmlinux.h" VERBATIM)
add_custom_target(bpf_vmlinux DEPENDS "${_bpf_dir}/vmlinux.h")

function(bpf_skeleton name)
  set(_bpf_dir "${CMAKE_BINARY_DIR}/bpf")
  set(unit "${_bpf_dir}/${name}.bpf.c")
  set(object "${_bpf_dir}/${name}.bpf.o")
  set(stripped "${_bpf_dir}/${name}.stripped.o")
  set(skeleton "${_bpf_dir}/${name}.skel.h")
  # bpftool 7.5 sets a field of struct_ops maps that libbpf has since 1.5.
  set(mend)
  if(LIBBPF_VERSION VERSION_LESS 1.5)
    set(mend COMMAND sed -i "/map->link =/d" "${skeleton}.new")
  endif()
  list(TRANSFORM ARGN REPLACE "(.+)" "#include \"\\1\"" OUTPUT_VARIABLE lines)
  list(JOIN lines "\n" text)
  file(CONFIGURE OUTPUT "${unit}" CONTENT "${text}\n" @ONLY)
  # Paths are relative, since their letters decide in which order clang writes
  # the types of BTF: two checkouts would not have the same bytes.
  set(options)
  foreach(directory "${CMAKE_CURRENT_SOURCE_DIR}" "${_bpf_dir}"
      "${PROJECT_SOURCE_DIR}/include")
    file(RELATIVE_PATH directory "${CMAKE_CURRENT_BINARY_DIR}" "${directory}")
    list(APPEND options -I "./${directory}")
  endforeach()
  file(RELATIVE_PATH source "${CMAKE_CURRENT_BINARY_DIR}" "${unit}")
  add_custom_command(
    OUTPUT "${object}"
    COMMAND ${BPF_CLANG} -target bpf -mcpu=v3 -g -O2 -Wall -Werror
            -Werror=date-time -fdebug-compilation-dir=.
            -D__TARGET_ARCH_x86 ${options}
            -MD -MF "${object}.d" -MT "${object}" -c "${source}" -o "${object}"
    DEPENDS "${unit}" ${ARGN} "${_bpf_dir}/vmlinux.h"
    DEPFILE "${object}.d"
    WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}"
    COMMENT "Compiling ${name}.bpf.o" VERBATIM)
  add_custom_command(
    OUTPUT "${skeleton}"
    COMMAND ${BPFTOOL} gen object "${stripped}" "${object}"
    COMMAND ${BPFTOOL} gen skeleton "${stripped}" name ${name}
            > "${skeleton}.new"
    ${mend}
    COMMAND ${CMAKE_COMMAND} -E rename "${skeleton}.new" "${skeleton}"
    DEPENDS "${object}"
    COMMENT "Generating ${name}.skel.h" VERBATIM)
  add_custom_target(${name}_skeleton DEPENDS "${skeleton}")
  add_library(${name} INTERFACE)
  add_dependencies(${name}_skeleton bpf_vmlinux)
  add_dependencies(${name} ${name}_skeleton)
  target_include_directories(${name} SYSTEM INTERFACE "${_bpf_dir}")
  target_link_libraries(${name} INTERFACE PkgConfig::LIBBPF)
endfunction()
