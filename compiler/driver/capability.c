/*
 * The support tables of all targets, side by side.
 */
#include "base/base.h"

#include "driver/capability.h"

#include "target/target.h"

static const char *const levels[] = {
	[CANNOT] = "unsupported",
	[NATIVE] = "native",
	[APPROXIMATE] = "approximate",
	[CHECKED] = "checked",
};

static struct capability_cell cell_of(struct arena *mem, const struct target *target,
				      enum feature f)
{
	const struct support *support = &target->support[f];
	struct capability_cell cell = { .mesh = target->name,
					.level = levels[support->level],
					.text = support->text ? support->text : "" };

	if (support->since.major)
		cell.since = str_format(mem, "%u.%u", support->since.major, support->since.minor);
	return cell;
}

struct capabilities capabilities_of(struct arena *mem)
{
	struct capabilities out = { 0 };

	while (targets[out.n_cells])
		out.n_cells++;
	for (enum feature f = 0; f < FEATURE_MAX; f++) {
		struct capability_cell *cells = NEW(mem, struct capability_cell, out.n_cells);

		for (uint32_t t = 0; t < out.n_cells; t++)
			cells[t] = cell_of(mem, targets[t], f);
		vec_add(mem, &out.all,
			((struct capability){ feature_kind(f), feature_path(f), feature_case(f),
					      cells }));
	}
	return out;
}
