# The Debian package: `make -f Makefile.ci package`. What is in it is what the install rules say, below /usr.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME meshc)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR meshc)
set(CPACK_PACKAGE_CONTACT "meshc maintainers <maintainers@meshc.dev>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler of mesh declarations into manifests of clusters")
set(CPACK_PACKAGE_DESCRIPTION "meshc compiles declarations of service meshes and an inventory of clusters into the
Istio and Linkerd manifests that each cluster needs, for Argo CD or Flux to apply.
It has no server and needs no access to a cluster.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# publish speaks to remotes through git, and signs with ssh-keygen.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "git, openssh-client, ca-certificates")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/.ci/debian.cmake)
include(CPack)
