/*
 * version: what this program is and what it was built with. Opens nothing and
 * starts nothing: it answers in the time that a process takes to start.
 */
#include "base/base.h"
#include "cli/command.h"
#include "report/version.h"
#include "schema/model.gen.h"

static const struct report_library libraries[] = {
	{ "libyaml", MESHC_WITH_YAML },
	{ "libgit2", MESHC_WITH_GIT2 },
	{ "libcjson", MESHC_WITH_CJSON },
	{ "libxxhash", MESHC_WITH_XXHASH },
};

enum exit_code cmd_version(struct invocation *in)
{
	const char **kinds = NEW(in->mem, const char *, n_schema_texts);
	struct report_version version = { .version = MESHC_VERSION,
					  .libraries = libraries,
					  .n_libraries = countof(libraries),
					  .kinds = kinds,
					  .n_kinds = n_schema_texts };

	for (uint32_t i = 0; i < n_schema_texts; i++)
		kinds[i] = schema_texts[i].kind;
	if (in->options.output->json)
		report_version_json(&in->out, &version);
	else
		report_version_text(&in->out, &version);
	return EXIT_CLEAN;
}
