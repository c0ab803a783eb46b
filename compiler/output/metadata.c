/*
 * Files beside the objects that tell tools how to treat them.
 *
 * A .gitattributes that somebody else wrote is theirs: it is never replaced.
 */
#include "base/base.h"
#include "output/local.h"

#define MARK "# Written by meshc. Without this line meshc leaves the file alone.\n"

#define GENERATED "/** linguist-generated=true text eol=lf\n"

struct str attributes_text(bool appliers)
{
	return appliers ? S(MARK "appliers" GENERATED "clusters" GENERATED)
			: S(MARK "clusters" GENERATED);
}

bool attributes_are_ours(struct str text)
{
	return str_starts(text, S(MARK));
}
