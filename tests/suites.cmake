# Every test beyond the unit tests. tests/README.md says what each one catches.

# suite(name label COMMAND ...): one ctest test.
function(suite name label)
  add_test(NAME ${name} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 600)
endfunction()

# The mechanical rules.
foreach(rule layers layers_test banned catalogue container plan_members)
  suite(rules/${rule} rules COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${rule}.sh ${CMAKE_SOURCE_DIR})
endforeach()
suite(rules/fields rules COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fields.sh ${CMAKE_SOURCE_DIR} ${gen_dir} ${CMAKE_C_COMPILER})

suite(rules/equivalents rules COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/mutation/mutate.py ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR} --check)
set_tests_properties(rules/equivalents PROPERTIES SKIP_RETURN_CODE 127) # no Python here

# Tools of the bench and of the property tests.
add_executable(fleet scale/fleet.c scale/document.c scale/linkerd.c scale/policy.c)
add_executable(measure scale/measure.c)
add_executable(yamlfloor scale/yamlfloor.c)
add_executable(hashfloor scale/hashfloor.c)
foreach(tool fleet measure yamlfloor hashfloor)
  target_link_libraries(${tool} PRIVATE test_flags room_base)
endforeach()
target_link_libraries(yamlfloor PRIVATE PkgConfig::YAML)
target_link_libraries(hashfloor PRIVATE PkgConfig::GIT2)

# Golden cases: one test per folder.
add_executable(golden_runner golden/runner.c golden/case.c golden/disk.c golden/process.c)
target_link_libraries(golden_runner PRIVATE test_flags room_base)
suite(golden/complete golden COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/golden/complete.sh ${CMAKE_SOURCE_DIR})
if(TARGET meshc)
  file(GLOB cases CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/golden ${CMAKE_SOURCE_DIR}/golden/*/*/case.yaml)
  file(GLOB findings CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/golden ${CMAKE_SOURCE_DIR}/golden/findings/MSH*)
  file(GLOB examples CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/examples/*/meshc.yaml)
  list(TRANSFORM cases REPLACE "/case.yaml$" "")
  list(TRANSFORM examples REPLACE "/meshc.yaml$" "")
  set(all ${cases} ${findings} ${examples})
  list(REMOVE_DUPLICATES all)
  foreach(case IN LISTS all)
    if(EXISTS ${CMAKE_SOURCE_DIR}/golden/${case}/manual) # shown by the unit tests that it names
      continue()
    endif()
    suite(golden/${case} golden COMMAND golden_runner $<TARGET_FILE:meshc> ${CMAKE_SOURCE_DIR} ${case})
  endforeach()
endif()

# Laws.
add_executable(roundtrip property/roundtrip.c golden/disk.c)
add_executable(tree_json judges/tree_json.c golden/disk.c)
if(TARGET room_tree)
  target_link_libraries(roundtrip PRIVATE test_flags room_tree)
  target_link_libraries(tree_json PRIVATE test_flags room_tree)
endif()
if(TARGET room_front AND TARGET room_plan)
  add_executable(merge_law_test property/merge_law_test.c property/law.c)
  target_link_libraries(merge_law_test PRIVATE test_flags room_front room_plan)
  suite(property/merge_law property COMMAND merge_law_test 500)
endif()
if(TARGET room_driver)
  add_executable(any_field_test property/any_field_test.c property/mutate.c golden/disk.c)
  target_link_libraries(any_field_test PRIVATE test_flags room_driver)
  suite(property/any_field property COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/property/any_field.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE_DIR:fleet>)
endif()
if(TARGET meshc)
  set(tools $<TARGET_FILE:meshc> $<TARGET_FILE_DIR:fleet>)
  foreach(law determinism nothing_lost roundtrip diff)
    suite(property/${law} property COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/property/${law}.sh ${tools})
  endforeach()
  if(NOT MESHC_SANITIZE) # which sees the same inputs as golden cases
    suite(property/names property COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/property/names.py ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc>)
    set_tests_properties(property/names PROPERTIES SKIP_RETURN_CODE 127) # no Python here
  endif()
  add_library(world MODULE property/world.c)
  add_executable(permute property/permute.c golden/disk.c)
  target_link_libraries(world PRIVATE test_flags)
  target_link_libraries(permute PRIVATE test_flags room_base)
  if(NOT MESHC_SANITIZE) # which would be loaded too late
    suite(property/permutations property COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/property/permutations.sh 100 $<TARGET_FILE:permute>
      $<TARGET_FILE:world> ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc>)
  endif()
  suite(docs/readme docs COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/readme.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc>)
endif()

# Formats for machines. What judges them is fetched into one place, whichever build folder this is.
if(TARGET meshc)
  suite(formats/exit_codes formats COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/formats/exit_codes.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc>)
  suite(formats/valid formats COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/formats/valid.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc>
    ${CMAKE_SOURCE_DIR}/build/judges/sarif-2.1.0.json)
  set_tests_properties(formats/valid PROPERTIES SKIP_RETURN_CODE 77)
endif()

# What appliers read.
suite(appliers/kustomize appliers COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/appliers/kustomize.sh ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/build/judges/kustomize)
set_tests_properties(appliers/kustomize PROPERTIES SKIP_RETURN_CODE 77)

# Commands as a user meets them.
if(TARGET meshc)
  foreach(command init man pre_commit publish results)
    suite(cli/${command} cli COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cli/${command}.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc>)
    set_tests_properties(cli/${command} PROPERTIES SKIP_RETURN_CODE 77)
  endforeach()
  foreach(shell bash zsh fish)
    suite(cli/completion_${shell} cli COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cli/completion.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc> ${shell})
    set_tests_properties(cli/completion_${shell} PROPERTIES SKIP_RETURN_CODE 77)
  endforeach()
endif()

# What gets into meshc stays there. Sanitizers do without the sandbox.
if(TARGET meshc AND MESHC_SANDBOX AND NOT MESHC_SANITIZE)
  add_library(intruder MODULE cli/intruder.c)
  suite(cli/sandbox cli COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cli/sandbox.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc> $<TARGET_FILE:intruder>)
  set_tests_properties(cli/sandbox PROPERTIES SKIP_RETURN_CODE 77)
endif()

# What happens when the world refuses.
if(TARGET meshc)
  suite(fault/full_output cli COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fault/full_output.sh $<TARGET_FILE:meshc>)
endif()
# Every call that can fail, in every way in which it can. A sanitizer would be loaded too late.
if(TARGET meshc AND NOT MESHC_SANITIZE)
  add_library(refuse MODULE fault/refuse.c)
  target_link_libraries(refuse PRIVATE test_flags)
  add_executable(walk fault/walk.c golden/disk.c golden/process.c)
  target_link_libraries(walk PRIVATE test_flags room_base)
  foreach(scene "build;1" "publish;3" "publish_directory;11" "push;11") # and how many of the points; `make fault` walks all
    list(GET scene 0 name)
    list(GET scene 1 every)
    suite(fault/${name} fault COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fault/walk.sh ${name} ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc>
      $<TARGET_FILE:walk> $<TARGET_FILE:refuse> ${every})
    set_tests_properties(fault/${name} PROPERTIES TIMEOUT 3000)
  endforeach()
endif()

# Sources that somebody made to hurt, with their ceilings, which are those of the program as it is released.
if(TARGET meshc)
  set(ceilings 20 0)
  if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT MESHC_SANITIZE)
    set(ceilings 1 256)
  endif()
  suite(hostile/corpus hostile COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/hostile/corpus.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:meshc> $<TARGET_FILE:measure> ${ceilings})
endif()

# Fuzz targets: replayed in every run; for libFuzzer itself with MESHC_FUZZ.
if(TARGET room_cli)
  include(fuzz/fuzz.cmake)
endif()
