# schemas/ -> structs and tables, by the host tool schemac; what it writes becomes part of room_schema.
set(gen_dir ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${gen_dir}/schema)
file(GLOB schema_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/schemas
  ${CMAKE_SOURCE_DIR}/schemas/*.json ${CMAKE_SOURCE_DIR}/schemas/kubernetes/*.json)
list(SORT schema_files)
list(TRANSFORM schema_files PREPEND ${CMAKE_SOURCE_DIR}/schemas/ OUTPUT_VARIABLE schema_paths)

# The tool lies below the room it writes for, and is no part of it.
file(GLOB schemac_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/compiler/schema/schemac/*.c)
get_target_property(schema_sources room_schema SOURCES)
list(FILTER schema_sources EXCLUDE REGEX "/schema/schemac/")
set_target_properties(room_schema PROPERTIES SOURCES "${schema_sources}")

add_executable(schemac ${schemac_sources} ${CMAKE_SOURCE_DIR}/compiler/schema/scalar.c)
target_link_libraries(schemac PRIVATE room_base PkgConfig::CJSON)
set_target_properties(schemac PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tools)

add_custom_command(
  OUTPUT ${gen_dir}/schema/model.gen.h ${gen_dir}/schema/model.gen.c
  COMMAND schemac ${gen_dir}/schema ${CMAKE_SOURCE_DIR}/schemas ${schema_files}
  DEPENDS schemac ${schema_paths}
  COMMENT "Writing the structs of schemas/"
  VERBATIM)
add_custom_target(model_gen DEPENDS ${gen_dir}/schema/model.gen.h ${gen_dir}/schema/model.gen.c)
target_sources(room_schema PRIVATE ${gen_dir}/schema/model.gen.c)
target_include_directories(room_schema PUBLIC ${gen_dir})

# Whoever may include the header waits for it.
foreach(room IN LISTS rooms)
  if(NOT room MATCHES "^(base|source|tree|git)$")
    add_dependencies(room_${room} model_gen)
  endif()
endforeach()
