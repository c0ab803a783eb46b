/*
 * Where a path leads, as far as the file system can tell, and by its words from there on.
 */
#include "base/base.h"

#include <limits.h>
#include <stdlib.h>

#include "git/folder.h"

/* "/a/b" -> "/a", "/a" -> "" */
static struct str above(struct str path)
{
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	return str_slice(path, 0, path.n ? path.n - 1 : 0);
}

/* One part further; what is not there leads nowhere else. */
static struct str step(struct arena *mem, struct str at, struct str part)
{
	struct str next = str_join(mem, at, S("/"), part);
	char real[PATH_MAX];

	if (realpath(str_z(mem, next), real))
		return strcmp(real, "/") ? str_copy(mem, str_of(real)) : S("");
	if (!part.n || str_eq(part, S(".")))
		return at;
	return str_eq(part, S("..")) ? above(at) : next;
}

/* Absolute, without "." and ".." and '/' at its end. */
static struct str place_of(struct arena *mem, struct str path)
{
	struct str at = str_starts(path, S("/")) ? S("") : step(mem, S("."), S(""));

	while (path.n) {
		int64_t slash = str_find(path, '/');
		uint32_t end = slash < 0 ? path.n : (uint32_t)slash;

		at = step(mem, at, str_slice(path, 0, end));
		path = str_slice(path, end + 1, path.n);
	}
	return at;
}

bool folder_contains(struct arena *mem, const char *folder, const char *path)
{
	struct str outer = place_of(mem, str_of(folder)), inner = place_of(mem, str_of(path));

	return str_starts(inner, outer) && (inner.n == outer.n || inner.p[outer.n] == '/');
}
