/*
 * check: everything that build does, but for the writing.
 */
#include "base/base.h"
#include "cli/session.h"

enum exit_code cmd_check(struct invocation *in)
{
	struct session s;
	enum exit_code exit;

	session_open(&s, in);
	s.run.options.only_check = true;
	if (session_load(&s))
		compile_files(&s.run, &s.result);
	exit = session_report(&s, false);
	session_timings(&s);
	session_close(&s);
	return exit;
}
