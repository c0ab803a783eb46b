/*
 * inventory list: what the compiler found in the inventory.
 *
 * It is printed as far as it is sound; the exit code says whether that is all.
 */
#include "base/base.h"
#include "cli/session.h"
#include "report/inventory.h"

enum exit_code cmd_inventory(struct invocation *in)
{
	struct session s;
	enum exit_code exit;

	session_open(&s, in);
	if (session_load(&s))
		compile_snapshot(&s.run, &s.result);
	exit = session_complain(&s);
	if (s.result.has_snapshot && in->options.output->json)
		report_inventory_json(&in->out, &s.result.snapshot.inventory, in->options.services);
	else if (s.result.has_snapshot)
		report_inventory_text(&in->out, &s.result.snapshot.inventory, in->options.services);
	session_close(&s);
	return exit;
}
