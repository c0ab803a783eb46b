# What the program prints of itself for man and for the shells: meshc.1, meshc-build.1, ... and a script per shell.
set(print_script ${CMAKE_SOURCE_DIR}/compiler/cli/print.cmake)
set(shared_files)

# shared(PATH WORD...): share/PATH in the build folder, and where it is installed, holds what meshc prints for the words.
function(shared path)
  set(file ${CMAKE_BINARY_DIR}/share/${path})
  add_custom_command(
    OUTPUT ${file}
    COMMAND ${CMAKE_COMMAND} -DOUT=${file} -P ${print_script} -- $<TARGET_FILE:meshc> ${ARGN}
    DEPENDS meshc ${print_script}
    COMMENT "Printing ${path}"
    VERBATIM)
  set(shared_files ${shared_files} ${file} PARENT_SCOPE)
  get_filename_component(folder share/${path} DIRECTORY)
  install(FILES ${file} DESTINATION ${folder})
endfunction()

# COMMAND(inventory, "inventory list", ... -> man1/meshc-inventory-list.1
file(STRINGS ${CMAKE_SOURCE_DIR}/compiler/cli/commands.def command_rows REGEX "^COMMAND\\(")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/compiler/cli/commands.def)
shared(man/man1/meshc.1 man)
foreach(row IN LISTS command_rows)
  string(REGEX REPLACE "^[^\"]*\"([^\"]+)\".*" "\\1" command "${row}")
  string(REPLACE " " "-" page "${command}")
  string(REPLACE " " ";" words "${command}")
  shared(man/man1/meshc-${page}.1 man ${words})
endforeach()

shared(bash-completion/completions/meshc completion bash)
shared(zsh/site-functions/_meshc completion zsh)
shared(fish/vendor_completions.d/meshc.fish completion fish)

add_custom_target(share ALL DEPENDS ${shared_files})
