/*
 * Which folders a command needs, and when; see the header.
 */
#include "base/base.h"
#include "cli/confine.h"

#include "cli/session.h"
#include "git/write.h"

static const struct span nowhere;

static bool is_off(const struct confinement *c, const struct session *s)
{
	return s->in->options.sandbox == SANDBOX_OFF || !s->in->is_process || c->off;
}

static void lend(struct session *s, struct sandbox_folders *to, struct str path, unsigned rights)
{
	vec_add(s->in->mem, to, ((struct sandbox_folder){ str_z(s->in->mem, path), rights }));
}

/* Until meshc.yaml is read the output may be anywhere below its folder, or the repository's. */
static void lend_top(struct confinement *c, struct session *s, struct str top)
{
	if (c->anywhere)
		lend(s, &c->sources, top, SANDBOX_READ | (c->writes ? SANDBOX_CHANGE : 0));
}

bool confine_find_repository(struct confinement *c, struct session *s)
{
	struct root_choice *root = &s->run.options.root;
	struct folder_paths folders = { 0 };

	if (is_off(c, s))
		return true;
	if (!repository_open(s->run.mem, &s->run.diags, root->from, &s->repository))
		return false;
	root->repository = &s->repository;
	repository_folders(s->in->mem, &s->repository, &folders);
	for (uint32_t i = 0; i < folders.n; i++)
		lend(s, &c->sources, folders.at[i], SANDBOX_READ);
	if (!s->repository.bare)
		lend_top(c, s, s->repository.path);
	return true;
}

bool confine_find(struct confinement *c, struct session *s)
{
	const struct root_choice *root = &s->run.options.root;
	struct worktree tree;

	if (root->kind != ROOT_WORKTREE || is_off(c, s))
		return confine_find_repository(c, s);
	if (!worktree_open(s->run.mem, &s->run.diags, root->from, &tree))
		return false;
	lend(s, &c->sources, tree.root, SANDBOX_READ);
	lend_top(c, s, tree.root);
	worktree_close(&tree);
	return true;
}

/* a/b/c -> a/b, c -> ., /c -> / */
static struct str folder_above(struct str path)
{
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path.n ? path : S(".");
}

void confine_output(struct confinement *c, struct session *s, const char *path)
{
	struct diags unheard = diags_new(s->in->mem);
	struct confined_output output = { .path = str_of(path) };
	struct folder there;

	if (is_off(c, s))
		return;
	if (c->writes)
		write_make(&unheard, output.path, &output.made);
	vec_add(s->in->mem, &c->outputs, output);
	if (output.made.n)
		lend(s, &c->output, folder_above(output.made), SANDBOX_UNMAKE);
	/* Never where a link leads. */
	if (folder_open(&unheard, output.path, &there) && there.fd >= 0)
		lend(s, &c->output, output.path, SANDBOX_READ | (c->writes ? SANDBOX_CHANGE : 0));
	folder_close(&there);
}

static struct str reasons(struct arena *mem, const struct confinement *c)
{
	const char *landlock = c->held.no_landlock, *seccomp = c->held.no_seccomp;

	if (c->off)
		return str_of(c->off);
	if (landlock && seccomp && strcmp(landlock, seccomp) != 0)
		return str_format(mem, "%s; %s", landlock, seccomp);
	return str_of(landlock ? landlock : seccomp);
}

static bool holds(struct confinement *c, struct session *s)
{
	if (s->in->options.sandbox != SANDBOX_REQUIRE || (c->entered && sandbox_holds(&c->held)))
		return true;
	help(report_sandbox_unavailable(&s->run.diags, nowhere, reasons(s->in->mem, c)),
	     "`--sandbox=auto` goes on with what there is");
	return false;
}

bool confine_enter(struct confinement *c, struct session *s)
{
	struct sandbox_folders all = { 0 };

	if (is_off(c, s))
		return holds(c, s);
	for (uint32_t i = 0; i < c->sources.n; i++)
		vec_add(s->in->mem, &all, c->sources.at[i]);
	for (uint32_t i = 0; i < c->output.n; i++)
		vec_add(s->in->mem, &all, c->output.at[i]);
	sandbox_enter(&all, &c->held);
	c->entered = true;
	return holds(c, s);
}

bool confine_narrow(struct confinement *c, struct session *s)
{
	if (!c->entered)
		return true;
	sandbox_narrow(&c->output, &c->held);
	return holds(c, s);
}

static void say(struct confinement *c, struct session *s)
{
	struct buf *out = &s->in->err;
	struct str why = reasons(s->in->mem, c);

	if (!c->entered)
		buf_lit(out, "sandbox: off");
	else if (sandbox_holds(&c->held))
		buf_format(out, "sandbox: landlock ABI %" PRIu32 ", seccomp", c->held.landlock);
	else if (!c->held.no_landlock)
		buf_format(out, "sandbox: landlock ABI %" PRIu32, c->held.landlock);
	else
		buf_format(out, "sandbox: %s", c->held.no_seccomp ? "none" : "seccomp");
	if (why.n)
		buf_format(out, ", %.*s", STR(why));
	buf_char(out, '\n');
}

void confine_end(struct confinement *c, struct session *s)
{
	for (uint32_t i = c->outputs.n; i-- > 0;)
		if (c->outputs.at[i].made.n)
			write_unmake_path(c->outputs.at[i].path, c->outputs.at[i].made);
	if (s->in->options.verbose)
		say(c, s);
}
