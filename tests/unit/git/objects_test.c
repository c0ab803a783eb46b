/*
 * Sources out of a repository: the same files as from disk, whatever kind of clone
 * it is; what cannot be read is reported, and nothing of the repository runs.
 */
#include "base/base.h"

#include "git/root.h"
#include "support/repo.h"

struct ground {
	struct repo repo;
	struct arena *mem;
	struct diags diags;
	struct root root;
	struct tree_listing listing;
};

static void start(struct ground *g)
{
	g->mem = arena_new();
	g->diags = diags_new(g->mem);
}

static void setup_as(struct ground *g, const char *flags)
{
	*g = (struct ground){ 0 };
	repo_setup_as(&g->repo, flags);
	start(g);
}

static void setup(struct ground *g)
{
	setup_as(g, "");
	repo_write(&g->repo, "meshc.yaml", "kind: Fleet\n");
	repo_write(&g->repo, "mesh/a.yaml", "a: 1\n");
	repo_write(&g->repo, "mesh/b/c.yml", "c: 1\r\n");
}

static void teardown(struct ground *g)
{
	arena_free(g->mem);
	repo_teardown(&g->repo);
}

static const char *path_in(struct ground *g, const char *folder)
{
	return str_format(g->mem, "%s/%s", g->repo.disk.path, folder).p;
}

/* rev: NULL for the index. */
static bool read_from(struct ground *g, const char *from, const char *rev, const char *folder)
{
	struct root_choice choice = { from, rev ? ROOT_REVISION : ROOT_STAGED, rev, NULL };
	bool sound;

	g->listing = (struct tree_listing){ 0 };
	if (!root_open(g->mem, &g->diags, &choice, &g->root))
		return false;
	g->root.skip = S("rendered");
	sound = root_read(g->mem, &g->diags, &g->root, str_of(folder), 1024, &g->listing);
	root_close(&g->root);
	return sound;
}

static bool read_rev(struct ground *g, const char *rev, const char *folder)
{
	return read_from(g, g->repo.disk.path, rev, folder);
}

static const struct finding *finding_of(const struct ground *g, enum code code)
{
	for (uint32_t i = 0; i < g->diags.all.n; i++)
		if (g->diags.all.at[i]->code == code)
			return g->diags.all.at[i];
	return NULL;
}

static const struct finding *assert_reported(struct ground *g, enum code code)
{
	const struct finding *f = finding_of(g, code);

	if (!f)
		fail_msg("no %s among %u findings", diag_row(code)->slug, g->diags.all.n);
	return f;
}

static void assert_refused(struct ground *g, const char *rev, const char *folder, enum code code)
{
	if (read_rev(g, rev, folder))
		fail_msg("%s: it is sound", folder);
	assert_reported(g, code);
}

static void assert_paths(const struct ground *g, const char *const *want, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < g->listing.all.n; i++)
		assert_string_equal(g->listing.all.at[i].path.p, want[i]);
	assert_int_equal(g->listing.all.n, n);
}

static const char *const plain[] = { "mesh/a.yaml", "mesh/b/c.yml" };

/* Both files, with their bytes, from the index and from HEAD. */
static void assert_reads_all(struct ground *g, const char *from)
{
	static const char *const revs[] = { NULL, "HEAD" };

	for (size_t i = 0; i < countof(revs); i++) {
		if (!read_from(g, from, revs[i], "mesh"))
			fail_msg("%s: %s", revs[i] ? revs[i] : "index",
				 g->diags.all.n ? finding_message(g->mem, g->diags.all.at[0]).p
						: "unsound");
		assert_paths(g, plain, countof(plain));
		assert_true(str_eq(g->listing.all.at[1].text, S("c: 1\r\n")));
	}
}

static void test_index_and_commit_hold_what_the_folder_holds(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_write(&g.repo, "mesh/.hidden.yaml", "not read");
	repo_write(&g.repo, "mesh/.d/x.yaml", "not read");
	repo_write(&g.repo, "mesh/README.md", "not read");
	repo_write(&g.repo, "mesh-other/x.yaml", "not read");
	repo_commit(&g.repo);
	assert_reads_all(&g, g.repo.disk.path);
	assert_true(read_rev(&g, "HEAD", "mesh/a.yaml"));
	assert_paths(&g, plain, 1);
	assert_true(read_rev(&g, NULL, "mesh/a.yaml"));
	assert_paths(&g, plain, 1);
	assert_true(read_rev(&g, "HEAD", "nowhere"));
	assert_int_equal(g.listing.all.n, 0);
	assert_int_equal(g.diags.all.n, 0);
	teardown(&g);
}

static void test_the_output_below_a_source_folder_is_not_read(void **state)
{
	static const char *const want[] = { "mesh/a.yaml", "mesh/b/c.yml", "meshc.yaml" };
	struct ground g;

	(void)state;
	setup(&g);
	repo_write(&g.repo, "rendered/x.yaml", "not read");
	repo_commit(&g.repo);
	assert_true(read_rev(&g, "HEAD", "."));
	assert_paths(&g, want, countof(want));
	assert_true(read_rev(&g, NULL, "."));
	assert_paths(&g, want, countof(want));
	teardown(&g);
}

static void test_the_index_is_what_is_staged_and_nothing_else(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_write(&g.repo, "mesh/a.yaml", "a: 2\n");
	repo_git(&g.repo, "add mesh/a.yaml");
	repo_write(&g.repo, "mesh/a.yaml", "a: 3\n");
	repo_write(&g.repo, "mesh/later.yaml", "x: 1\n");
	repo_git(&g.repo, "add -N mesh/later.yaml");
	assert_true(read_rev(&g, NULL, "mesh"));
	assert_paths(&g, plain, countof(plain));
	assert_true(str_eq(g.listing.all.at[0].text, S("a: 2\n")));
	assert_true(read_rev(&g, "HEAD", "mesh"));
	assert_true(str_eq(g.listing.all.at[0].text, S("a: 1\n")));
	teardown(&g);
}

static void test_the_root_is_found_inside_the_commit(void **state)
{
	struct ground g;

	(void)state;
	setup_as(&g, "");
	repo_write(&g.repo, "fleet/meshc.yaml", "kind: Fleet\n");
	repo_write(&g.repo, "fleet/mesh/deep/a.yaml", "a: 1\n");
	repo_commit(&g.repo);
	assert_true(read_from(&g, path_in(&g, "fleet/mesh/deep"), "HEAD", "mesh"));
	assert_string_equal(g.listing.all.at[0].path.p, "mesh/deep/a.yaml");
	assert_true(str_ends(g.root.path, S("/fleet/mesh/deep/../..")));
	assert_true(read_from(&g, path_in(&g, "fleet"), NULL, "mesh"));
	assert_string_equal(g.listing.all.at[0].path.p, "mesh/deep/a.yaml");
	assert_true(read_rev(&g, "HEAD:fleet", "mesh"));
	assert_string_equal(g.listing.all.at[0].path.p, "mesh/deep/a.yaml");
	assert_refused(&g, "HEAD", "mesh", CODE_no_fleet);
	teardown(&g);
}

static void test_a_revision_that_is_none_is_reported(void **state)
{
	static const char *const wrong[] = { "nope",
					     "HEAD:mesh/a.yaml",
					     ":mesh",
					     ":/x",
					     "HEAD^{tree}",
					     "HEAD:nope",
					     "0123456789012345678901234567890123456789" };
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	for (size_t i = 0; i < countof(wrong); i++) {
		g.diags = diags_new(g.mem);
		assert_refused(&g, wrong[i], "mesh", CODE_unknown_commit);
	}
	teardown(&g);
}

/* A link to itself is no file that is not there. */
static void test_a_commit_that_cannot_be_looked_at_is_no_unknown_one(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "mkdir .git/objects/01 && ln -s 23456789012345678901234567890123456789 "
			 ".git/objects/01/23456789012345678901234567890123456789");
	assert_refused(&g, "0123456789012345678901234567890123456789", "mesh",
		       CODE_repository_unreadable);
	teardown(&g);
}

static void test_where_there_is_no_repository_it_is_said(void **state)
{
	struct ground g = { 0 };

	(void)state;
	disk_setup(&g.repo.disk);
	start(&g);
	assert_refused(&g, "HEAD", "mesh", CODE_no_repository);
	teardown(&g);
}

static void test_links_submodules_and_pointers_are_refused(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_link(&g.repo.disk, "mesh/link", "/etc/passwd");
	repo_sh(&g.repo, "git init -q mesh/sub && git -C mesh/sub commit -q --allow-empty -m x");
	repo_write(&g.repo, "lfs/a.yaml", "version https://git-lfs.github.com/spec/v1\n");
	repo_sh(&g.repo,
		"git -c advice.addEmbeddedRepo=false add -A 2>/dev/null; git commit -qm x");
	assert_refused(&g, "HEAD", "mesh", CODE_link);
	assert_int_equal(g.diags.errors, 2);
	assert_refused(&g, NULL, "mesh", CODE_link);
	assert_int_equal(g.diags.errors, 4);
	assert_refused(&g, "HEAD", "lfs", CODE_lfs_pointer);
	teardown(&g);
}

static void test_conflicts_are_reported_once_per_path(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_git(&g.repo, "checkout -q -b side");
	repo_write(&g.repo, "mesh/a.yaml", "a: 2\n");
	repo_commit(&g.repo);
	repo_git(&g.repo, "checkout -q main");
	repo_write(&g.repo, "mesh/a.yaml", "a: 3\n");
	repo_commit(&g.repo);
	repo_sh(&g.repo, "! git merge -q side >/dev/null");
	assert_refused(&g, NULL, "mesh", CODE_unmerged);
	assert_int_equal(g.diags.errors, 1);
	teardown(&g);
}

static void test_objects_that_are_gone_are_reported_by_path(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "f=$(git rev-parse HEAD:mesh/a.yaml | sed 's,^..,&/,') && rm -f "
			 ".git/objects/$f");
	assert_refused(&g, "HEAD", "mesh", CODE_object_missing);
	assert_string_equal(assert_reported(&g, CODE_object_missing)->arguments[0].p,
			    "mesh/a.yaml");
	assert_refused(&g, NULL, "mesh", CODE_object_missing);
	teardown(&g);
}

static void test_bytes_that_do_not_have_their_id_are_not_read(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "o() { echo .git/objects/$(git rev-parse $1 | sed 's,^..,&/,'); }; cp -f "
			 "$(o HEAD:mesh/b/c.yml) $(o HEAD:mesh/a.yaml)");
	assert_refused(&g, "HEAD", "mesh", CODE_repository_unreadable);
	teardown(&g);
}

/* A tree that git itself would never write: entries, then a commit of it as refs/heads/bad. */
static void commit_tree(struct ground *g, const char *script)
{
	repo_sh(&g->repo, script);
}

#define ENTRY(name)                                                                                \
	"printf '100644 " name                                                                     \
	"\\0'; git rev-parse HEAD:mesh/a.yaml | perl -lne 'print pack \"H*\", $_' | head -c 20; "
#define AS_MESH                                                                                    \
	"} > t; m=$(git hash-object -t tree -w --literally t); rm t; b=$(git rev-parse "           \
	"HEAD:meshc.yaml); t=$(printf '040000 tree %s\\tmesh\\n100644 blob %s\\tmeshc.yaml\\n' "   \
	"$m $b "                                                                                   \
	"| git mktree); git branch -f bad $(git commit-tree -m x $t)"

static void test_names_that_no_file_can_have_are_refused(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	commit_tree(&g, "{ " ENTRY("x/y.yaml") AS_MESH);
	assert_refused(&g, "bad", "mesh", CODE_bad_name);
	g.diags = diags_new(g.mem);
	commit_tree(&g, "{ " ENTRY("x.yaml") ENTRY("x.yaml") AS_MESH);
	assert_refused(&g, "bad", "mesh", CODE_bad_name);
	assert_int_equal(g.listing.all.n, 1);
	teardown(&g);
}

static void test_files_that_are_too_large_are_refused_before_they_are_read(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo, "head -c 2000 /dev/zero | tr '\\0' a > mesh/big.yaml");
	repo_commit(&g.repo);
	assert_refused(&g, "HEAD", "mesh", CODE_file_too_large);
	assert_int_equal(g.listing.all.n, 2);
	teardown(&g);
}

static void test_trees_that_hold_one_another_are_not_followed_without_end(void **state)
{
	static const struct {
		const char *file;
		enum code code;
	} rows[] = {
		{ "a.yaml", CODE_too_many_files },
		{ "README", CODE_cannot_read },
		{ ".hidden", CODE_cannot_read },
	};
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	for (size_t i = 0; i < countof(rows); i++) {
		g.diags = diags_new(g.mem);
		repo_bomb(&g.repo, rows[i].file);
		assert_refused(&g, "bomb", "mesh", rows[i].code);
		assert_int_equal(g.diags.errors, 1);
	}
	teardown(&g);
}

/* ---- Kinds of clones ---- */

static void test_every_clone_that_holds_the_objects_is_read(void **state)
{
	static const char *const clones[] = {
		"git clone -q --depth 1 file://$PWD clone",
		"git clone -q --shared . clone",
		"git clone -q --reference . file://$PWD clone",
		"git worktree add -q clone",
		"git clone -q . clone && git -C clone gc -q",
		"git clone -q . clone && git -C clone sparse-checkout set --cone mesh/b",
		("git clone -q . clone && cd clone && git config core.repositoryformatversion 1 && "
		 "git config extensions.worktreeConfig true"),
		("git clone -q . clone && cd clone && git config core.repositoryformatversion 1 && "
		 "git config extensions.preciousObjects true"),
		("git -c uploadpack.allowFilter=true clone -q --filter=blob:limit=1k "
		 "-u 'git -c uploadpack.allowFilter=true upload-pack' file://$PWD clone"),
	};

	(void)state;
	for (size_t i = 0; i < countof(clones); i++) {
		struct ground g;

		setup(&g);
		repo_commit(&g.repo);
		repo_sh(&g.repo, clones[i]);
		assert_reads_all(&g, path_in(&g, "clone"));
		teardown(&g);
	}
}

/* Whether it is one of the folders that the repository in `clone` is read from. */
static bool reads(struct ground *g, const char *clone, const char *folder)
{
	char *wanted = realpath(path_in(g, folder), NULL), *real;
	struct folder_paths folders = { 0 };
	struct repository r;
	bool found = false;

	assert_true(repository_open(g->mem, &g->diags, path_in(g, clone), &r));
	repository_folders(g->mem, &r, &folders);
	repository_close(&r);
	for (uint32_t i = 0; i < folders.n; i++) {
		real = realpath(folders.at[i].p, NULL);
		found |= real && wanted && strcmp(real, wanted) == 0;
		free(real);
	}
	free(wanted);
	return found;
}

static void test_the_folders_that_a_repository_is_read_from_are_known(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "git clone -q --shared . shared && git clone -q --shared shared chain && "
			 "git worktree add -q tree");
	assert_true(reads(&g, ".", ".git"));
	assert_false(reads(&g, ".", "mesh"));
	assert_true(reads(&g, "tree", ".git/worktrees/tree"));
	assert_true(reads(&g, "tree", ".git"));
	assert_true(reads(&g, "chain", "chain/.git"));
	assert_true(reads(&g, "chain", "shared/.git/objects"));
	assert_true(reads(&g, "chain", ".git/objects"));
	repo_sh(&g.repo, "git clone -q . far && mv far/.git/objects elsewhere && "
			 "ln -s ../../elsewhere far/.git/objects");
	assert_true(reads(&g, "far", "elsewhere"));
	teardown(&g);
}

/* A list of alternates, or a link, does not make a folder of the machine one of git's. */
static void test_no_other_folder_is_said_to_be_one_of_gits(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "git clone -q . list && cd list/.git/objects/info && "
			 "printf '%s\n' / /etc ../../.. ../../../mesh '#' '' . >alternates");
	assert_false(reads(&g, "list", "mesh"));
	assert_false(reads(&g, "list", "list"));
	assert_false(reads(&g, "list", "../../etc"));
	assert_false(reads(&g, "list", "../.."));
	repo_sh(&g.repo, "git clone -q . link && rm -r link/.git/objects link/.git/refs && "
			 "ln -s /etc link/.git/objects && ln -s ../../mesh link/.git/refs");
	assert_false(reads(&g, "link", "mesh"));
	assert_false(reads(&g, "link", "../../etc"));
	teardown(&g);
}

static void test_a_bare_repository_has_commits_and_no_folder(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_git(&g.repo, "clone -q --bare . bare.git");
	assert_true(read_from(&g, path_in(&g, "bare.git"), "main", "mesh"));
	assert_paths(&g, plain, countof(plain));
	assert_true(g.root.bare);
	teardown(&g);
}

/* What a change commits cannot decide which repository is read. */
static void test_a_repository_among_the_files_of_another_is_files(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo,
		"mkdir fleet && mv mesh meshc.yaml fleet && git add -A && git commit -qm true");
	repo_sh(&g.repo,
		"git init -q false && cd false && mkdir mesh && echo 'kind: Fleet' >meshc.yaml && "
		"echo 'evil: 1' >mesh/a.yaml && git add -A && git commit -qm false && cd .. && "
		"cp -r false/.git/HEAD false/.git/objects false/.git/refs false/.git/config fleet "
		"&& "
		"git -C fleet rev-parse --is-bare-repository >bare");
	assert_true(read_from(&g, path_in(&g, "fleet"), "HEAD", "mesh"));
	assert_string_equal(g.listing.all.at[0].text.p, "evil: 1\n");
	repo_sh(&g.repo, "git add -A fleet");
	assert_true(read_from(&g, path_in(&g, "fleet"), "HEAD", "mesh"));
	assert_string_equal(g.listing.all.at[0].text.p, "a: 1\n");
	assert_true(read_from(&g, path_in(&g, "fleet/mesh"), "HEAD", "mesh"));
	assert_string_equal(g.listing.all.at[0].text.p, "a: 1\n");
	teardown(&g);
}

static void test_a_shallow_clone_says_how_to_get_its_history(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "git clone -q --depth 1 file://$PWD clone");
	assert_false(read_from(&g, path_in(&g, "clone"), "HEAD~1", "mesh"));
	assert_non_null(strstr(assert_reported(&g, CODE_unknown_commit)->help.p, "--unshallow"));
	repo_git(&g.repo, "-C clone fetch -q --unshallow");
	assert_true(read_from(&g, path_in(&g, "clone"), "HEAD~1", "mesh"));
	teardown(&g);
}

static void test_a_partial_clone_says_how_to_get_its_files(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "git config uploadpack.allowFilter true && git clone -q --no-checkout "
			 "--filter=blob:none file://$PWD clone");
	assert_false(read_from(&g, path_in(&g, "clone"), "HEAD", "mesh"));
	assert_non_null(
		strstr(assert_reported(&g, CODE_object_missing)->help.p, "--refetch --no-filter"));
	repo_git(&g.repo, "-C clone fetch -q --refetch --no-filter");
	assert_true(read_from(&g, path_in(&g, "clone"), "HEAD", "mesh"));
	teardown(&g);
}

static void test_a_sparse_index_says_how_to_write_a_full_one(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_write(&g.repo, "other/deep/x.yaml", "x: 1\n");
	repo_commit(&g.repo);
	repo_sh(&g.repo, "git sparse-checkout set --cone --sparse-index mesh");
	assert_refused(&g, NULL, "mesh", CODE_repository_unreadable);
	assert_non_null(strstr(assert_reported(&g, CODE_repository_unreadable)->help.p,
			       "sparse-checkout reapply --no-sparse-index"));
	assert_true(read_rev(&g, "HEAD", "mesh"));
	repo_git(&g.repo, "sparse-checkout reapply --no-sparse-index");
	assert_reads_all(&g, g.repo.disk.path);
	teardown(&g);
}

static void test_formats_that_would_be_misread_are_refused(void **state)
{
	static const struct {
		const char *init, *config, *says;
	} formats[] = {
		{ "--object-format=sha256", "true", "SHA-1" },
		{ "",
		  "git config core.repositoryformatversion 1 && git config extensions.refStorage "
		  "reftable",
		  "refs" },
		{ "",
		  "git config core.repositoryformatversion 1 && git config extensions.unheardOf x",
		  "unheardof" },
	};

	(void)state;
	for (size_t i = 0; i < countof(formats); i++) {
		struct ground g;

		setup_as(&g, formats[i].init);
		repo_write(&g.repo, "meshc.yaml", "kind: Fleet\n");
		repo_commit(&g.repo);
		repo_sh(&g.repo, formats[i].config);
		assert_refused(&g, "HEAD", "mesh", CODE_repository_unreadable);
		assert_refused(&g, NULL, "mesh", CODE_repository_unreadable);
		assert_non_null(
			strstr(assert_reported(&g, CODE_repository_unreadable)->arguments[1].p,
			       formats[i].says));
		teardown(&g);
	}
}

static void test_somebody_elses_repository_is_read(void **state)
{
	struct ground g;

	(void)state;
	if (geteuid() != 0)
		skip();
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "chown -R 12345 .");
	assert_reads_all(&g, g.repo.disk.path);
	teardown(&g);
}

static void test_nothing_of_the_repository_runs(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo,
		"run=\"touch $PWD/ran; cat\"; "
		"git config core.fsmonitor \"$run\"; git config filter.x.clean \"$run\"; "
		"git config filter.x.smudge \"$run\"; git config filter.x.process \"$run\"; "
		"git config core.sshCommand \"$run\"; git config alias.status \"!$run\"; "
		"git config credential.helper \"!$run\"; git config core.pager \"$run\"; "
		"git config core.hooksPath $PWD/hooks; git config diff.external \"$run\"; "
		"mkdir hooks; for h in pre-commit post-checkout post-index-change "
		"reference-transaction; "
		"do printf '#!/bin/sh\\ntouch %s/ran' $PWD > hooks/$h; chmod +x hooks/$h; done; "
		"echo '* filter=x diff=x' > .git/info/attributes");
	assert_reads_all(&g, g.repo.disk.path);
	assert_int_not_equal(faccessat(g.repo.disk.fd, "ran", F_OK, 0), 0);
	teardown(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_index_and_commit_hold_what_the_folder_holds),
		cmocka_unit_test(test_the_output_below_a_source_folder_is_not_read),
		cmocka_unit_test(test_the_index_is_what_is_staged_and_nothing_else),
		cmocka_unit_test(test_the_root_is_found_inside_the_commit),
		cmocka_unit_test(test_a_revision_that_is_none_is_reported),
		cmocka_unit_test(test_a_commit_that_cannot_be_looked_at_is_no_unknown_one),
		cmocka_unit_test(test_where_there_is_no_repository_it_is_said),
		cmocka_unit_test(test_links_submodules_and_pointers_are_refused),
		cmocka_unit_test(test_conflicts_are_reported_once_per_path),
		cmocka_unit_test(test_objects_that_are_gone_are_reported_by_path),
		cmocka_unit_test(test_bytes_that_do_not_have_their_id_are_not_read),
		cmocka_unit_test(test_names_that_no_file_can_have_are_refused),
		cmocka_unit_test(test_files_that_are_too_large_are_refused_before_they_are_read),
		cmocka_unit_test(test_trees_that_hold_one_another_are_not_followed_without_end),
		cmocka_unit_test(test_every_clone_that_holds_the_objects_is_read),
		cmocka_unit_test(test_the_folders_that_a_repository_is_read_from_are_known),
		cmocka_unit_test(test_no_other_folder_is_said_to_be_one_of_gits),
		cmocka_unit_test(test_a_bare_repository_has_commits_and_no_folder),
		cmocka_unit_test(test_a_repository_among_the_files_of_another_is_files),
		cmocka_unit_test(test_a_shallow_clone_says_how_to_get_its_history),
		cmocka_unit_test(test_a_partial_clone_says_how_to_get_its_files),
		cmocka_unit_test(test_a_sparse_index_says_how_to_write_a_full_one),
		cmocka_unit_test(test_formats_that_would_be_misread_are_refused),
		cmocka_unit_test(test_somebody_elses_repository_is_read),
		cmocka_unit_test(test_nothing_of_the_repository_runs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
