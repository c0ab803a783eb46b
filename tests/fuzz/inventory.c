/*
 * The inventory of a cluster: the bytes are a dump of one more cluster, c3, beside those of the fleet.
 */
#include "fuzz/fleet.h"

#include "report/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct run run;
	struct result result;
	struct buf out;

	fleet_write("inventory/c3/dump.yaml", fuzz_text(bytes, n));
	fleet_compile(&run, &result);
	out = buf_new(run.mem, 0);
	if (result.has_snapshot) {
		report_inventory_text(&out, &result.snapshot.inventory, true);
		report_inventory_json(&out, &result.snapshot.inventory, true);
	}
	fleet_report(&run, &result);
	run_close(&run);
	return 0;
}
