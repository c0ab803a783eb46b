# Before a Debian package is closed: what Debian wants elsewhere or otherwise, and one time for all files.
set(usr ${CPACK_TEMPORARY_DIRECTORY}/usr)

# zsh of Debian looks for completions of packages there.
file(RENAME ${usr}/share/zsh/site-functions ${usr}/share/zsh/vendor-completions)

file(GLOB pages ${usr}/share/man/man1/*.1)
execute_process(COMMAND gzip -9 -n ${pages} COMMAND_ERROR_IS_FATAL ANY)

if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(
    COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} +
    COMMAND_ERROR_IS_FATAL ANY)
endif()
