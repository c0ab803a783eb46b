/*
 * See fleet.h.
 */
#include "fuzz/fleet.h"

#include "golden/disk.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>

static char folder[PATH_MAX];

static void drop_folder(void)
{
	struct arena *mem = arena_new();

	disk_remove(mem, folder);
	arena_free(mem);
}

static void lay(struct arena *mem, const char *from, const char *to)
{
	disk_overlay(mem, path_join(mem, SOURCE_DIR "/golden/bases", from), fleet_path(mem, to).p);
}

static void make_folder(void)
{
	struct arena *mem = arena_new();

	snprintf(folder, sizeof folder, "%s/meshc-fuzz-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(folder))
		give_up("no folder for the fleet");
	atexit(drop_folder);
	lay(mem, "pair", "");
	lay(mem, "linkerd-pair/inventory/l1", "inventory/l1");
	disk_make(mem, fleet_path(mem, "mesh").p);
	arena_free(mem);
}

struct str fleet_path(struct arena *mem, const char *below)
{
	if (!folder[0])
		make_folder();
	return str_format(mem, "%s/%s", folder, below);
}

void fleet_write(const char *below, struct str text)
{
	struct arena *mem = arena_new();

	disk_write(mem, fleet_path(mem, below).p, text);
	arena_free(mem);
}

bool fleet_compile(struct run *run, struct result *result)
{
	run_open(run, (struct run_options){ .jobs = 1 });
	run->options.root.from = fleet_path(run->mem, "").p;
	return compile(run, result);
}

void fleet_report(struct run *run, struct result *r)
{
	struct report report = {
		.command = "build",
		.status = "findings",
		.version = "0",
		.files = r->sources.files,
		.diags = &run->diags,
		.elapsed_ms = -1,
		.options = { .all = true, .verbose = true, .table = true, .most = 50 },
	};
	struct summary_input in = {
		.inventory = r->has_snapshot ? &r->snapshot.inventory : NULL,
		.plan = r->has_plan ? &r->plan : NULL,
		.bundle = r->has_files ? &r->bundle : NULL,
		.fileset = r->has_files ? &r->fileset : NULL,
		.diags = &run->diags,
	};

	diags_settle(&run->diags, run->mem);
	report.summary = summary_of(run->mem, &in);
	for (const struct report_format *f = report_formats; f->name; f++) {
		struct buf findings = buf_new(run->mem, 0), result = buf_new(run->mem, 0);

		f->write(&report, &findings, &result);
	}
}
