/*
 * Files beside the objects that tell tools how to treat them.
 *
 * A .gitattributes that somebody else wrote is theirs: it is never replaced.
 */
#include "base/base.h"
#include "output/local.h"

#define MARK "# Written by meshc. Without this line meshc leaves the file alone.\n"

struct str attributes_text(void)
{
	return S(MARK CLUSTERS "/** linguist-generated=true text eol=lf\n");
}

bool attributes_are_ours(struct str text)
{
	return str_starts(text, S(MARK));
}
