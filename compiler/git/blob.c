/*
 * Blob ids through libgit2, so that ledger and repository can never disagree.
 */
#include "base/base.h"
#include "git/blob.h"

#include <git2.h>

#include "git/local.h"

_Static_assert(BLOB_HEX == GIT_OID_HEXSZ, "the ledger holds SHA-1 ids");

void blob_open(void)
{
	library_open();
}

void blob_close(void)
{
	library_close();
}

void blob_id(struct str bytes, char hex[BLOB_HEX + 1])
{
	git_oid id;

	if (git_odb_hash(&id, bytes.n ? bytes.p : "", bytes.n, GIT_OBJECT_BLOB) < 0)
		BUG("no blob id for %" PRIu32 " bytes", bytes.n);
	git_oid_tostr(hex, BLOB_HEX + 1, &id);
}
