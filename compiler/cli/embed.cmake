# Files that are built into the program by the host tool embed, and what the program says of itself.

# golden/findings/ -> the explanations.
set(findings_dir ${CMAKE_SOURCE_DIR}/golden/findings)
set(catalogue_c ${CMAKE_BINARY_DIR}/gen/cli/catalogue.gen.c)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/gen/cli)
file(GLOB_RECURSE finding_files LIST_DIRECTORIES false CONFIGURE_DEPENDS
  ${findings_dir}/MSH*/explain.md ${findings_dir}/MSH*/bad/* ${findings_dir}/MSH*/good/*)

# A link to nowhere is a fine example of what is refused, and nothing that can be older or newer.
set(finding_sources)
foreach(path IN LISTS finding_files)
  if(EXISTS "${path}" AND NOT IS_SYMLINK "${path}")
    list(APPEND finding_sources "${path}")
  endif()
endforeach()

add_executable(embed ${CMAKE_SOURCE_DIR}/compiler/cli/embed.c)
target_link_libraries(embed PRIVATE room_base)
set_target_properties(embed PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tools)

add_custom_command(
  OUTPUT ${catalogue_c}
  COMMAND embed catalogue ${findings_dir} ${catalogue_c}
  DEPENDS embed ${finding_sources}
  COMMENT "Collecting the explanations of findings"
  VERBATIM)
target_sources(room_cli PRIVATE ${catalogue_c})

# examples/init/ -> what `meshc init` writes.
set(scaffold_dir ${CMAKE_SOURCE_DIR}/examples/init)
set(scaffold_c ${CMAKE_BINARY_DIR}/gen/cli/scaffold.gen.c)
file(GLOB_RECURSE scaffold_sources CONFIGURE_DEPENDS ${scaffold_dir}/*)
add_custom_command(
  OUTPUT ${scaffold_c}
  COMMAND embed scaffold ${scaffold_dir} ${scaffold_c}
  DEPENDS embed ${scaffold_sources}
  COMMENT "Collecting the files of a new repository"
  VERBATIM)
target_sources(room_cli PRIVATE ${scaffold_c})

foreach(source session cmd_publish cmd_verify cmd_man)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/compiler/cli/${source}.c PROPERTIES COMPILE_DEFINITIONS
    "MESHC_VERSION=\"${PROJECT_VERSION}\"")
endforeach()
set_source_files_properties(${CMAKE_SOURCE_DIR}/compiler/cli/cmd_version.c PROPERTIES COMPILE_DEFINITIONS
  "MESHC_VERSION=\"${PROJECT_VERSION}\";MESHC_WITH_YAML=\"${YAML_VERSION}\";MESHC_WITH_GIT2=\"${GIT2_VERSION}\";MESHC_WITH_CJSON=\"${CJSON_VERSION}\";MESHC_WITH_XXHASH=\"${XXHASH_VERSION}\"")
