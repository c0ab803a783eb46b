/*
 * Folders of a moment, for what children read and write.
 */
#include "base/base.h"
#include "git/local.h"

#include <errno.h>
#include <stdlib.h>

#include "git/write.h"

#define WHERE "/tmp/"

struct str scratch_make(struct arena *mem)
{
	char path[] = WHERE "meshc-XXXXXX";

	if (!mkdtemp(path))
		return (struct str){ 0 };
	return str_copy(mem, str_of(path));
}

void scratch_drop(struct arena *mem, struct str path)
{
	struct diags quiet = diags_new(mem);
	struct folder where;

	if (!path.n || !folder_open(&quiet, S(WHERE), &where) || where.fd < 0)
		return;
	write_drop(&quiet, &where, str_slice(path, sizeof WHERE - 1, path.n));
	folder_close(&where);
}
