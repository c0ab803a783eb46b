/*
 * From the bytes of a declaration to the files of every cluster, and what is said about it in every format.
 */
#include "fuzz/fleet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct run run;
	struct result result;

	fleet_write("mesh/a.yaml", fuzz_text(bytes, n));
	if (fleet_compile(&run, &result))
		compile_index(&run, &result);
	fleet_report(&run, &result);
	run_close(&run);
	return 0;
}
