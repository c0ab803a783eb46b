/*
 * Matches as regular expressions, for meshes that lack the other forms.
 *
 *	path ends in .png             .*\.png
 *	/API, whatever the case       (?i)/API
 */
#include "base/base.h"
#include "target/local.h"

#include "base/buf.h"

static void put_literal(struct buf *out, struct str text)
{
	for (uint32_t i = 0; i < text.n; i++) {
		if (text.p[i] && strchr("\\.+*?()|[]{}^$", text.p[i]))
			buf_char(out, '\\');
		buf_char(out, text.p[i]);
	}
}

struct str match_regex(struct arena *mem, const struct match *m)
{
	struct buf out = buf_new(mem, 0);

	if (m->ignore_case)
		buf_lit(&out, "(?i)");
	if (m->how == MATCH_REGEX)
		buf_str(&out, m->value);
	else if (m->how == MATCH_ANY || m->how == MATCH_PRESENT)
		buf_lit(&out, ".*");
	if (m->how == MATCH_SUFFIX)
		buf_lit(&out, ".*");
	if (m->how == MATCH_EXACT || m->how == MATCH_PREFIX || m->how == MATCH_SUFFIX)
		put_literal(&out, m->value);
	if (m->how == MATCH_PREFIX)
		buf_lit(&out, ".*");
	return buf_view(&out);
}
