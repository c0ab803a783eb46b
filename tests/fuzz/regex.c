/*
 * Regular expressions of declarations: a pattern, and behind a line `%%` the text it is tried on. A sample matches, and
 * starts as every match does.
 */
#include "fuzz/fuzz.h"

#include "plan/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new();
	struct str pattern = fuzz_text(bytes, n), text = fuzz_cut(&pattern), prefix, sample;

	if (!regex_problem(mem, pattern)) {
		regex_match(mem, pattern, text, true);
		prefix = regex_prefix(mem, pattern);
		if (regex_match(mem, pattern, text, false) == REGEX_YES)
			LAW(str_starts(text, prefix), "a match without the prefix of all");
		sample = regex_sample(mem, pattern);
		LAW(!sample.p || regex_match(mem, pattern, sample, false) != REGEX_NO,
		    "a sample that does not match");
	}
	arena_free(mem);
	return 0;
}
