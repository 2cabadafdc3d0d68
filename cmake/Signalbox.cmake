# What every target of Signalbox shares: language, warnings, sanitizers, the precompiled header,
# and one function per kind of target. A folder of src/ is one library.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)

add_library(sb_flags INTERFACE)
target_include_directories(sb_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(sb_flags INTERFACE
  -Wall -Wextra -Wshadow -Wextra-semi -Wnon-virtual-dtor -Wimplicit-fallthrough
  -Wunreachable-code -Wno-missing-designated-field-initializers -Werror
  "$<$<NOT:$<CONFIG:Release>>:-fno-omit-frame-pointer>"
  "$<$<NOT:$<CONFIG:Debug>>:-ffunction-sections;-fdata-sections>"
  "SHELL:-Xclang -fno-pch-timestamp")
target_link_libraries(sb_flags INTERFACE Threads::Threads)
# The released program is optimised as a whole (ThinLTO); everything else links fast.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(sb_flags INTERFACE -flto=thin)
  target_link_options(sb_flags INTERFACE -fuse-ld=lld -flto=thin -Wl,--gc-sections
    "-Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/thinlto" -Wl,--thinlto-jobs=2)
  # ... and by what ran often under the benchmark's load, as `./dev profile` wrote it down. Code that
  # has changed since is optimised without it.
  set(SB_PROFILE "${CMAKE_SOURCE_DIR}/cmake/release.profdata")
  if(SB_PROFILE_WRITE)
    target_compile_options(sb_flags INTERFACE -fprofile-generate)
    target_link_options(sb_flags INTERFACE -fprofile-generate)
  elseif(EXISTS "${SB_PROFILE}")
    target_compile_options(sb_flags INTERFACE "-fprofile-use=${SB_PROFILE}"
      -Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date -Wno-backend-plugin)
    target_link_options(sb_flags INTERFACE "-fprofile-use=${SB_PROFILE}"
      -Wl,-z,keep-text-section-prefix)  # what never runs is not in memory beside what does
  endif()
else()
  target_link_options(sb_flags INTERFACE -fuse-ld=mold)
endif()
if(SB_SANITIZE)
  target_compile_options(sb_flags INTERFACE -fsanitize=${SB_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(sb_flags INTERFACE -fsanitize=${SB_SANITIZE})
endif()
if(SB_FUZZ)
  target_compile_options(sb_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(sb_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# The precompiled header: standard headers that nearly every file reads, nothing of ours.
file(WRITE "${CMAKE_BINARY_DIR}/sb_pch.cc" "")
add_library(sb_pch OBJECT "${CMAKE_BINARY_DIR}/sb_pch.cc")
target_link_libraries(sb_pch PRIVATE sb_flags)
target_precompile_headers(sb_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <coroutine> <cstdint> <cstring> <expected> <functional>
  <memory> <optional> <span> <string> <string_view> <tuple> <unordered_map> <utility> <variant>
  <vector>)

function(sb_target_defaults target)
  target_link_libraries(${target} PRIVATE sb_flags)
  target_precompile_headers(${target} REUSE_FROM sb_pch)
endfunction()

# Tests of code that several threads run: also under ThreadSanitizer.
set(SB_CONCURRENT sb_base_async sb_base_telemetry sb_io_net sb_vendors_providers
  sb_vendors_providers_sim sb_vendors_catalog sb_vendors_tokens sb_base_config sb_pipeline_ledger sb_pipeline_gateway
  sb_io_store_sqlite sb_io_store_postgres sb_pipeline_cache sb_io_store_vault sb_io_store_files
  sb_io_store_s3 sb_pipeline_identity sb_pipeline_quota sb_io_store_shared
  sb_io_store_hnsw)

# sb_name(base/core) -> sb_base_core
function(sb_name folder out)
  string(REPLACE "/" "_" name "${folder}")
  set(${out} "sb_${name}" PARENT_SCOPE)
endfunction()

# sb_library(<folder under src> [DEPS folder…] [LIBS target…]): all *.cc of the folder but tests
# (*_test.cc), micro-benchmarks (*_bench.cc) and fuzz targets (*_fuzz.cc), each of which becomes a
# target of its own kind. A folder `migrations` in it is embedded: see sb_migrations.
function(sb_library folder)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS;TEST_DEPS;TEST_LIBS" ${ARGN})
  sb_name(${folder} name)
  set(dir "${CMAKE_SOURCE_DIR}/src/${folder}")
  file(GLOB all CONFIGURE_DEPENDS "${dir}/*.cc")
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$")
  if(IS_DIRECTORY "${dir}/migrations")
    sb_migrations(${folder} embedded)
    list(APPEND sources "${embedded}")
    list(APPEND ARG_DEPS io/store)
  endif()
  set(deps)
  foreach(dep IN LISTS ARG_DEPS)
    sb_name(${dep} dep_name)
    list(APPEND deps ${dep_name})
  endforeach()
  if(sources)
    add_library(${name} STATIC ${sources})
    sb_target_defaults(${name})
    target_link_libraries(${name} PUBLIC ${deps} ${ARG_LIBS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE sb_flags ${deps} ${ARG_LIBS})
  endif()

  set(test_deps)
  foreach(dep IN LISTS ARG_TEST_DEPS)
    sb_name(${dep} dep_name)
    list(APPEND test_deps ${dep_name})
  endforeach()
  sb_tests(${name} "${all}" "${test_deps};${ARG_TEST_LIBS}")
  sb_micro_benchmarks(${name} "${all}" "${test_deps};${ARG_TEST_LIBS}")
  sb_fuzz_targets(${name} "${all}" "${test_deps};${ARG_TEST_LIBS}")
endfunction()

# The files migrations/NNNN_name.sql of a folder, in the order of their numbers, as
# `std::span<const store::Migration> Migrations()` in the namespace signalbox::<last folder's name>;
# a header of the folder declares it.
function(sb_migrations folder out)
  set(dir "${CMAKE_SOURCE_DIR}/src/${folder}/migrations")
  file(GLOB files CONFIGURE_DEPENDS "${dir}/*.sql")
  list(SORT files)
  get_filename_component(namespace "${folder}" NAME)
  set(rows "")
  foreach(file IN LISTS files)
    get_filename_component(stem "${file}" NAME_WE)
    if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
      message(FATAL_ERROR "${file}: a migration's name is NNNN_name.sql")
    endif()
    set(name "${CMAKE_MATCH_2}")
    string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
    file(READ "${file}" text)
    string(APPEND rows "    {${number}, \"${name}\", R\"~~~(${text})~~~\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  endforeach()
  set(${out} "${CMAKE_BINARY_DIR}/src/${folder}/migrations.cc")
  file(CONFIGURE OUTPUT "${${out}}" @ONLY CONTENT "// Made from src/${folder}/migrations/*.sql
#include \"io/store/migration.h\"

namespace signalbox::${namespace} {
namespace {

constexpr store::Migration kMigrations[] = {
@rows@};

}  // namespace

std::span<const store::Migration> Migrations();
std::span<const store::Migration> Migrations() {
  return kMigrations;
}

}  // namespace signalbox::${namespace}
")
  set(${out} "${${out}}" PARENT_SCOPE)
endfunction()

function(sb_tests name all libs)
  list(FILTER all INCLUDE REGEX "_test\\.cc$")
  if(NOT SB_TESTS OR NOT all)
    return()
  endif()
  find_package(GTest REQUIRED)
  add_executable(${name}_test ${all})
  sb_target_defaults(${name}_test)
  target_link_libraries(${name}_test PRIVATE ${name} ${libs} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name}_test PRIVATE SB_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300)
  if(name IN_LIST SB_CONCURRENT)
    set_tests_properties(${name} PROPERTIES LABELS "unit;concurrent")
    add_dependencies(concurrent_tests ${name}_test)
  endif()
endfunction()

function(sb_micro_benchmarks name all libs)
  list(FILTER all INCLUDE REGEX "_bench\\.cc$")
  if(NOT SB_MICROBENCH OR NOT all)
    return()
  endif()
  find_package(benchmark REQUIRED)
  add_executable(${name}_bench ${all})
  sb_target_defaults(${name}_bench)
  list(FILTER libs EXCLUDE REGEX "_testkit$")  # for tests alone
  target_link_libraries(${name}_bench PRIVATE ${name} ${libs} benchmark::benchmark_main)
endfunction()

# One libFuzzer program per *_fuzz.cc, named after the file; seeds in test/fuzz/<name>/.
function(sb_fuzz_targets name all libs)
  list(FILTER all INCLUDE REGEX "_fuzz\\.cc$")
  if(NOT SB_FUZZ OR NOT all)
    return()
  endif()
  foreach(source IN LISTS all)
    get_filename_component(fuzz ${source} NAME_WE)
    add_executable(${fuzz} ${source})
    sb_target_defaults(${fuzz})
    target_link_libraries(${fuzz} PRIVATE ${name} ${libs})
    target_link_options(${fuzz} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${fuzz}_seeds
      COMMAND ${fuzz} -runs=0 -max_len=65536 "${CMAKE_SOURCE_DIR}/test/fuzz/${fuzz}")
    set_tests_properties(${fuzz}_seeds PROPERTIES LABELS fuzz TIMEOUT 120)
  endforeach()
endfunction()
