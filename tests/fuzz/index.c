/*
 * What stands in the output and says what is meshc's: MESHC.index, and the metadata and notes of a published commit.
 * Whatever an index says, nothing outside of the folder is touched.
 */
#include "fuzz/fleet.h"

#include "output/ledger.h"

#include <unistd.h>

static void read_ledger(struct str text)
{
	struct ledger ledger;
	struct fuzz f;

	fuzz_open(&f);
	if (ledger_read(f.mem, &f.diags, S("MESHC.index"), text, &ledger))
		for (uint32_t i = 0; i < ledger.all.n; i++)
			LAW(ledger_find(&ledger, ledger.all.at[i].path), "a row that is not found");
	fuzz_close(&f);
}

static void read_provenance(struct str text)
{
	struct arena *mem = arena_new();
	struct object_id id = provenance_source(mem, text);

	LAW(!id.hex[0] || strspn(id.hex, "0123456789abcdef") == OBJECT_HEX, "no id");
	arena_free(mem);
}

/* A build over a folder with that index, and a file beside it that is not meshc's. */
static void build_over(struct str text)
{
	struct run run;
	struct result result;
	struct str out;

	fleet_write("mesh/a.yaml", S("# nothing\n"));
	fleet_write("rendered/clusters/c1/MESHC.index", text);
	fleet_write("rendered/clusters/other", S("theirs"));
	if (fleet_compile(&run, &result)) {
		out = fleet_path(run.mem, "rendered");
		compile_settle(&run, out.p, &result);
	}
	LAW(access(fleet_path(run.mem, "rendered/clusters/other").p, F_OK) == 0,
	    "a file that is not meshc's is gone");
	fleet_report(&run, &result);
	run_close(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str text = fuzz_text(bytes, n);

	read_ledger(text);
	read_provenance(text);
	build_over(text);
	return 0;
}
