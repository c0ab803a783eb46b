/*
 * A git repository for one test, made by the real git, without the settings of
 * the machine or the user.
 *
 *	struct repo r;
 *	repo_setup(&r);
 *	repo_write(&r, "mesh/a.yaml", "a: 1\n");
 *	repo_commit(&r);
 *	repo_git(&r, "checkout -q -b side");
 *	... r.disk.path ...
 *	repo_teardown(&r);
 */
#pragma once

#include "support/disk.h"

struct repo {
	struct disk disk;
};

/* sh -c in the folder; %s stands for nothing: commands are the test's own. */
static inline int repo_try(const struct repo *r, const char *script)
{
	static char command[8192];

	snprintf(command, sizeof command,
		 "cd '%s' && export HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t "
		 "GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t "
		 "GIT_COMMITTER_EMAIL=t@example.com "
		 "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z GIT_COMMITTER_DATE=2026-01-02T03:04:05Z "
		 "LC_ALL=C; "
		 "unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE; %s",
		 r->disk.path, script);
	return system(command);
}

static inline void repo_sh(const struct repo *r, const char *script)
{
	if (repo_try(r, script))
		fail_msg("does not run: %s", script);
}

static inline void repo_git(const struct repo *r, const char *arguments)
{
	static char script[4096];

	snprintf(script, sizeof script, "git %s", arguments);
	repo_sh(r, script);
}

static inline void repo_write(const struct repo *r, const char *path, const char *text)
{
	disk_write(&r->disk, path, text);
}

static inline void repo_commit(const struct repo *r)
{
	repo_sh(r, "git add -A && git commit -q --allow-empty -m change");
}

/* An empty repository; `flags` of git init may be "". */
/*
 * A branch `bomb`: meshc.yaml as it is in HEAD, and as `mesh` a tree that holds the tree below it ten times, eight
 * deep; the last ones hold the file of the name, 10^8 times in all.
 */
static inline void repo_bomb(const struct repo *r, const char *name)
{
	static char script[1024];

	snprintf(script, sizeof script,
		 "b=$(echo 'a: 1' | git hash-object -w --stdin); "
		 "t=$(printf '100644 blob %%s\t%s\n' $b | git mktree); "
		 "for level in 1 2 3 4 5 6 7 8; do t=$(for i in 0 1 2 3 4 5 6 7 8 9; do "
		 "printf '040000 tree %%s\tf%%s\n' $t $i; done | git mktree); done; "
		 "t=$(printf '040000 tree %%s\tmesh\n100644 blob %%s\tmeshc.yaml\n' $t "
		 "$(git rev-parse HEAD:meshc.yaml) | git mktree); "
		 "git branch -f bomb $(git commit-tree -m x $t)",
		 name);
	repo_sh(r, script);
}

static inline void repo_setup_as(struct repo *r, const char *flags)
{
	static char arguments[256];

	disk_setup(&r->disk);
	snprintf(arguments, sizeof arguments, "init -q -b main %s .", flags);
	repo_git(r, arguments);
}

static inline void repo_setup(struct repo *r)
{
	repo_setup_as(r, "");
}

static inline void repo_teardown(struct repo *r)
{
	disk_teardown(&r->disk);
}
