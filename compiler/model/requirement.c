/*
 * Order and copies of requirements.
 */
#include "base/base.h"

#include "model/requirement.h"

int requirement_order(const struct requirement *a, const struct requirement *b)
{
	int order = str_cmp(a->space, b->space);

	order = order ? order : str_cmp(a->kind, b->kind);
	order = order ? order : str_cmp(a->name, b->name);
	return order ? order : str_cmp(a->what, b->what);
}

struct requirement requirement_copy(struct arena *mem, const struct requirement *from)
{
	struct requirement out = *from;

	out.kind = str_copy(mem, from->kind);
	out.space = str_copy(mem, from->space);
	out.name = str_copy(mem, from->name);
	out.what = str_copy(mem, from->what);
	out.found = str_copy(mem, from->found);
	out.patch = str_copy(mem, from->patch);
	out.action = str_copy(mem, from->action);
	return out;
}

const char *requirement_word(enum requirement_state state)
{
	static const char *const words[] = {
		[REQUIREMENT_MET] = "met",
		[REQUIREMENT_ABSENT] = "absent",
		[REQUIREMENT_WRONG] = "wrong",
		[REQUIREMENT_UNKNOWN] = "unknown",
	};

	return words[state];
}
