/*
 * Who takes what a mesh can only come close to: the whole fleet, by
 * `spec.allowApproximate`, or one declaration for itself, by an annotation that
 * lists fields.
 *
 *	meshc.dev/allow-approximate: policy.outlierDetection, policy.retries.perTryTimeout
 *	meshc.dev/allow-approximate: all
 */
#include "base/base.h"

#include "plan/local.h"

static struct str trim(struct str s)
{
	while (s.n && s.p[0] == ' ')
		s = str_slice(s, 1, s.n);
	while (s.n && s.p[s.n - 1] == ' ')
		s = str_slice(s, 0, s.n - 1);
	return s;
}

struct str allowance_next(struct str *rest)
{
	int64_t comma = str_find(*rest, ',');
	struct str item = str_slice(*rest, 0, comma < 0 ? rest->n : (uint32_t)comma);

	*rest = comma < 0 ? S("") : str_slice(*rest, (uint32_t)comma + 1, rest->n);
	return trim(item);
}

/* The field itself, or one below it. */
static bool covers(struct str allowed, struct str path)
{
	if (str_eq(allowed, S("all")) || str_eq(allowed, path))
		return true;
	return allowed.n < path.n && str_starts(path, allowed) && path.p[allowed.n] == '.';
}

const struct text *allowance_of(const struct resource *by)
{
	const struct text_map *annotations = by && by->metadata ? &by->metadata->annotations : NULL;

	for (uint32_t i = 0; annotations && i < annotations->n; i++)
		if (str_eq(annotations->item[i].key.s, S(ALLOWANCE)))
			return &annotations->item[i].value;
	return NULL;
}

bool approximate_is_allowed(const struct fleet_options *fleet, const struct resource *by,
			    enum feature feature)
{
	const struct text *said = allowance_of(by);
	struct str rest = said ? said->s : S("");

	if (fleet->allow_approximate)
		return true;
	while (rest.n)
		if (covers(allowance_next(&rest), str_of(feature_path(feature))))
			return true;
	return false;
}
