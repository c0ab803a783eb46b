/*
 * Which release a mesh is of, by the tag of its control plane's image.
 *
 * Istio's images are tagged with releases. Linkerd's open builds have dates for
 * tags, and a release is the first build of its line:
 *
 *	1.30.3-distroless    1.30        edge-26.6.3         2.20
 *	v1.29                1.29        enterprise-2.19.1   2.19
 */
#include "base/base.h"
#include "front/local.h"

/* First builds of Linkerd's releases (its website's table of releases); newest first. */
static const struct {
	uint32_t build[3];
	struct release release;
} linkerd_builds[] = {
	{ { 26, 6, 3 }, { 2, 20 } },  { { 25, 10, 7 }, { 2, 19 } }, { { 25, 4, 4 }, { 2, 18 } },
	{ { 24, 11, 8 }, { 2, 17 } }, { { 24, 8, 2 }, { 2, 16 } },  { { 24, 2, 4 }, { 2, 15 } },
	{ { 0, 0, 0 }, { 2, 14 } },
};

static bool number(struct str *text, uint32_t *n)
{
	uint32_t i = 0;

	*n = 0;
	while (i < text->n && text->p[i] >= '0' && text->p[i] <= '9' && *n < 100000)
		*n = 10 * *n + (uint32_t)(text->p[i++] - '0');
	*text = str_slice(*text, i, text->n);
	return i > 0;
}

/* `count` numbers with dots between; whatever follows does not count. */
static bool numbers(struct str text, uint32_t *out, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (i && (!text.n || text.p[0] != '.'))
			return false;
		if (i)
			text = str_slice(text, 1, text.n);
		if (!number(&text, &out[i]))
			return false;
	}
	return true;
}

static struct str without(struct str text, struct str prefix)
{
	return str_starts(text, prefix) ? str_slice(text, prefix.n, text.n) : text;
}

static bool is_before(const uint32_t *a, const uint32_t *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

static struct release release_of_build(struct str version)
{
	uint32_t build[3], i = 0;

	if (!numbers(version, build, countof(build)))
		return (struct release){ 0 };
	while (is_before(build, linkerd_builds[i].build, countof(build)))
		i++;
	return linkerd_builds[i].release;
}

struct release release_of(enum mesh_kind kind, struct str version)
{
	static const char *const marks[] = { "v", "stable-", "enterprise-", "version-" };
	uint32_t parts[2];

	if (kind == MESH_LINKERD && str_starts(version, S("edge-")))
		return release_of_build(str_slice(version, 5, version.n));
	for (uint32_t i = 0; i < countof(marks); i++)
		version = without(version, str_of(marks[i]));
	if (!numbers(version, parts, countof(parts)))
		return (struct release){ 0 };
	return (struct release){ parts[0], parts[1] };
}
