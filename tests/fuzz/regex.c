/*
 * Regular expressions of declarations: a pattern, and behind a line `%%` the text it is tried on. A sample matches, and
 * starts as every match does.
 */
#include "fuzz/fuzz.h"

#include "plan/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new();
	const struct regex_program *program;
	struct str pattern = fuzz_text(bytes, n), text = fuzz_cut(&pattern), prefix, sample;

	if (!regex_problem(mem, pattern)) {
		program = regex_compile(mem, pattern, false);
		regex_run(mem, regex_compile(mem, pattern, true), text);
		prefix = regex_prefix(program);
		if (regex_run(mem, program, text) == REGEX_YES)
			LAW(str_starts(text, prefix), "a match without the prefix of all");
		sample = regex_sample(mem, pattern);
		LAW(!sample.p || regex_run(mem, program, sample) != REGEX_NO,
		    "a sample that does not match");
	}
	arena_free(mem);
	return 0;
}
