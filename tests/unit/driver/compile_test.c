/* The order of the passes and where they stop, on a fleet in a folder. */
#include "support/fixture.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/compile.h"

#define FLEET "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: f}\n"
#define CLUSTER "apiVersion: meshc.dev/v1alpha1\nkind: Cluster\nmetadata: {name: c1}\n"
/* clang-format off */
#define ISTIO \
	"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n" \
	"---\napiVersion: apps/v1\nkind: Deployment\n" \
	"metadata: {name: istiod, namespace: istio-system, labels: {app: istiod, istio: pilot}}\n" \
	"spec: {selector: {matchLabels: {app: istiod}}, template: {metadata: {labels: {app: istiod}}, " \
	"spec: {serviceAccountName: istiod, containers: [{name: discovery, image: 'docker.io/istio/pilot:1.29.0'}]}}}\n" \
	"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\n" \
	"data: {mesh: 'trustDomain: c1.example'}\n"
/* clang-format on */

struct trial {
	char folder[64];
	struct run run;
	struct result result;
};

static const char *path_of(struct trial *trial, const char *name)
{
	return str_format(trial->run.mem, "%s/%s", trial->folder, name).p;
}

static void write_file(struct trial *trial, const char *name, const char *text)
{
	FILE *f = fopen(path_of(trial, name), "wb");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void trial_setup(struct trial *trial, uint64_t (*clock)(void))
{
	*trial = (struct trial){ .folder = "/tmp/meshc-compile-XXXXXX" };
	assert_non_null(mkdtemp(trial->folder));
	run_open(&trial->run,
		 (struct run_options){ .root.from = trial->folder, .jobs = 2, .clock = clock });
	mkdir(path_of(trial, "mesh"), 0700);
	mkdir(path_of(trial, "inventory"), 0700);
	mkdir(path_of(trial, "inventory/c1"), 0700);
	write_file(trial, "meshc.yaml", FLEET);
	write_file(trial, "inventory/c1/a.yaml", CLUSTER ISTIO);
}

static void trial_teardown(struct trial *trial)
{
	static const char *const names[] = { "mesh/p.yaml",  "mesh",      "inventory/c1/a.yaml",
					     "inventory/c1", "inventory", "meshc.yaml" };

	for (size_t i = 0; i < countof(names); i++)
		remove(path_of(trial, names[i]));
	remove(trial->folder);
	run_close(&trial->run);
}

static void print_findings(struct trial *trial)
{
	struct buf out = buf_new(trial->run.mem, 0);

	for (uint32_t i = 0; i < trial->run.diags.all.n; i++)
		render_finding(&out, trial->result.sources.files, trial->run.diags.all.at[i],
			       (struct render_options){ false });
	print_error("%.*s\n", STR(buf_view(&out)));
}

static void test_a_sound_fleet_compiles_to_files(void **state)
{
	struct trial trial;

	(void)state;
	trial_setup(&trial, NULL);
	if (!compile(&trial.run, &trial.result)) {
		print_findings(&trial);
		fail();
	}
	assert_true(trial.result.has_snapshot && trial.result.has_plan && trial.result.has_files);
	assert_int_equal(trial.result.plan.n_clusters, 1);
	assert_true(str_eq(trial.result.root, str_of(trial.folder)));
	assert_true(trial.result.fileset.all.n > 0);
	trial_teardown(&trial);
}

static void test_errors_in_the_sources_stop_before_the_plan(void **state)
{
	struct trial trial;

	(void)state;
	trial_setup(&trial, NULL);
	write_file(&trial, "mesh/p.yaml",
		   "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: TrafficPolicy\n"
		   "metadata: {name: p, namespace: shop}\nspec: {polcy: {}}\n");
	assert_false(compile(&trial.run, &trial.result));
	assert_true(trial.result.has_snapshot);
	assert_false(trial.result.has_plan);
	if (trial.run.diags.errors != 1)
		print_findings(&trial);
	assert_int_equal(trial.run.diags.errors, 1);
	trial_teardown(&trial);
}

#define EMPTY_POLICY                                                                               \
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: TrafficPolicy\n"                       \
	"metadata: {name: p, namespace: shop}\nspec: {policy: {}}\n"

static void test_warnings_stop_a_strict_run_only(void **state)
{
	struct trial trial;

	(void)state;
	trial_setup(&trial, NULL);
	write_file(&trial, "mesh/p.yaml", EMPTY_POLICY);
	assert_true(compile(&trial.run, &trial.result));
	assert_true(trial.run.diags.warnings > 0);
	trial.run.options.strict = true;
	assert_false(compile(&trial.run, &trial.result));
	assert_true(trial.result.has_files);
	trial_teardown(&trial);
}

static void test_a_folder_without_a_fleet_is_refused_with_findings_that_can_be_shown(void **state)
{
	struct trial trial;

	(void)state;
	trial_setup(&trial, NULL);
	trial.run.options.root.from = "/dev";
	assert_false(compile(&trial.run, &trial.result));
	assert_false(trial.result.has_snapshot);
	assert_int_equal(trial.run.diags.errors, 1);
	assert_int_equal(trial.run.diags.all.at[0]->code, CODE_no_fleet);
	assert_int_equal(trial.result.sources.files->all.n, 0);
	trial_teardown(&trial);
}

static uint64_t ticking_clock(void)
{
	static uint64_t t;

	return t++;
}

static void test_each_phase_that_ran_gets_its_time(void **state)
{
	struct trial trial;

	(void)state;
	trial_setup(&trial, ticking_clock);
	assert_true(compile(&trial.run, &trial.result));
	for (enum phase phase = 0; phase < PHASE_MAX; phase++) {
		uint64_t laps = phase == PHASE_rules ? 2 : phase < PHASE_settle ? 1 : 0;

		assert_int_equal(trial.run.spent[phase], laps);
	}
	assert_string_equal(phase_name(PHASE_load), "load");
	assert_string_equal(phase_name(PHASE_publish), "publish");
	trial_teardown(&trial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sound_fleet_compiles_to_files),
		cmocka_unit_test(test_errors_in_the_sources_stop_before_the_plan),
		cmocka_unit_test(test_warnings_stop_a_strict_run_only),
		cmocka_unit_test(
			test_a_folder_without_a_fleet_is_refused_with_findings_that_can_be_shown),
		cmocka_unit_test(test_each_phase_that_ran_gets_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
