/*
 * The protocol of one publication; see the header. Everything up to the swap can be
 * lost at any instant without harm: objects that nothing points to.
 *
 * Compiling comes late: meshc.yaml says where the output goes, and what stands there
 * may be the output already.
 */
#include "base/base.h"
#include "driver/publication.h"

#include "driver/local.h"

enum { TRIES = 8 };

/* ---- The target ---- */

/* Where the branch lives; p == NULL: in this clone. */
static bool find_address(struct publication *p, struct str *out)
{
	const struct publish_target_options *t = p->target;

	*out = (struct str){ 0 };
	if (!p->request->push)
		return true;
	if (t->repository.n) {
		*out = is_absolute_address(t->repository)
			       ? t->repository
			       : str_join(p->run->mem, p->result->root, S("/"), t->repository);
		return true;
	}
	return !t->remote.n ||
	       remote_address(p->run->mem, &p->run->diags, &p->repository, t->remote, out);
}

static bool find_ref(struct publication *p)
{
	struct str branch = p->target->branch;

	if (branch.n)
		p->out->ref = str_format(p->run->mem, "refs/heads/%.*s", STR(branch));
	else if (!ref_of_revision(p->run->mem, &p->run->diags, &p->repository,
				  str_of(p->run->options.root.rev), &p->out->ref))
		return false;
	if (p->out->ref.n && ref_is_valid(p->run->mem, p->out->ref))
		return true;
	help(report_no_branch(&p->run->diags, p->target->at,
			      branch.n ? branch : str_of(p->run->options.root.rev)),
	     "`branch` of the target names one, or `--rev` a branch of this clone");
	return false;
}

/* The wave that is named, else the first; the target's clusters and the shard's in any case. */
static bool choose_wave(struct publication *p)
{
	const struct fleet_options *fleet = &p->result->sources.fleet;
	const char *name = p->request->wave;
	struct scope *c = &p->scope;

	*c = p->result->scope;
	c->target = p->target;
	c->waves = fleet->rollout.n ? WAVES_THIS : WAVES_ALL;
	if (!name)
		return true;
	for (uint32_t i = 0; i < fleet->rollout.n; i++)
		if (str_eq(fleet->rollout.at[i].name, str_of(name))) {
			c->wave = i;
			return true;
		}
	help(report_unknown_wave(&p->run->diags, fleet->at, str_of(name)),
	     "`--wave` names one of those in `spec.rollout`");
	return false;
}

/* ---- What stands there ---- */

static bool read_tips(struct publication *p)
{
	struct arena *mem = p->run->mem;
	struct diags *d = &p->run->diags;

	if (p->remote.repository)
		return remote_fetch(mem, d, &p->remote, p->out->ref, S(PROVENANCE_NOTES), &p->tips);
	return ref_read(mem, d, &p->repository, p->out->ref, &p->tips.branch) &&
	       ref_read(mem, d, &p->repository, S(PROVENANCE_NOTES), &p->tips.notes);
}

/* Where what stands there comes from. */
struct origin_there {
	struct object_id source; /* empty: nobody says */
	bool noted;              /* a note says it, not only the file */
};

/* The note is younger than the file. */
static bool read_source(struct publication *p, const struct commit_tree *tree,
			struct origin_there *out)
{
	struct arena *mem = p->run->mem;
	struct str text = { 0 };

	if (p->tips.branch.hex[0] &&
	    !note_read(mem, &p->run->diags, &p->repository, &p->tips.notes, &p->tips.branch, &text))
		return false;
	out->source = provenance_source(mem, text);
	out->noted = out->source.hex[0];
	if (out->noted)
		return true;
	if (!commit_tree_read(mem, &p->run->diags, tree, S(PROVENANCE), LIMIT_PROVENANCE, &text))
		return false;
	out->source = provenance_source(mem, text);
	return true;
}

/* Whether this source may follow that one. */
static bool may_follow(struct publication *p, const struct object_id *there)
{
	struct diags *d = &p->run->diags;
	enum relation relation;

	if (!there->hex[0] || p->request->rewind)
		return true;
	if (!commit_relation(d, &p->repository, &p->source.id, there, &relation))
		return false;
	switch (relation) {
	case RELATION_SAME:
	case RELATION_AFTER:
		return true;
	case RELATION_BEFORE:
		p->superseded = true;
		p->out->newer = *there;
		return false;
	case RELATION_UNKNOWN:
		help(report_rewind(d, p->target->at, p->out->ref, str_of(there->hex)),
		     "this clone does not hold the history between them; on a CI runner a fetch "
		     "depth of 0 does; `--allow-rewind` publishes it all the same");
		return false;
	case RELATION_NONE:
		help(report_rewind(d, p->target->at, p->out->ref, str_of(there->hex)),
		     "`--allow-rewind` publishes it all the same");
		return false;
	}
	return false;
}

static bool changes_anything(const struct tree_changes *c)
{
	for (uint32_t i = 0; i < c->changes.all.n; i++)
		if (c->changes.all.at[i].change != CHANGE_SAME)
			return true;
	return false;
}

static struct output_pass pass_for(struct publication *p, const struct scope *scope)
{
	struct output_pass pass = run_output_pass(p->run);

	pass.takes = scope_takes;
	pass.takes_cx = scope;
	return pass;
}

/* Waves before this one hold what this source compiles to. */
static bool may_go_on(struct publication *p, const struct commit_tree *tree)
{
	const struct fleet_options *fleet = &p->result->sources.fleet;
	struct scope before = p->scope;
	struct output_pass pass = pass_for(p, &before);
	struct tree_changes changes;
	struct fileset files;
	struct finding *f;

	if (p->scope.waves != WAVES_THIS || !p->scope.wave)
		return true;
	before.waves = WAVES_BEFORE;
	scope_files(p->run->mem, &before, &p->result->fileset, &files);
	if (!output_settle_tree(&pass, tree, &files, &changes))
		return false;
	if (!changes_anything(&changes))
		return true;
	f = report_wave_held(&p->run->diags, fleet->rollout.at[p->scope.wave].at,
			     fleet->rollout.at[p->scope.wave].name);
	help(f, "`meshc publish --wave %.*s` comes first",
	     STR(fleet->rollout.at[p->scope.wave - 1].name));
	return false;
}

static bool may_change(struct publication *p)
{
	struct output_pass pass = run_output_pass(p->run);
	struct guard_request guard = { &p->result->sources.fleet, &p->result->snapshot.inventory,
				       p->request->removals, p->request->confirmed };

	return output_guard(&pass, &guard, &p->out->changes);
}

/* ---- The swap ---- */

/* Nobody can tell a lock that is held from one that a killed run has left: git leaves them to a person as well. */
static void give_up(struct publication *p, struct str ref)
{
	struct finding *f = report_moved_again(&p->run->diags, p->target->at, ref);
	struct str lock = p->remote.repository ? (struct str){ 0 }
					       : ref_lock(p->run->mem, &p->repository, ref);

	if (lock.p)
		help(f,
		     "`%.*s` is there: if no git and no meshc is at work, one that was killed has "
		     "left it, and it can be removed",
		     STR(lock));
}

/* Notes of others do not matter to ours: on top of theirs it is written again. */
static bool swap_notes(struct publication *p, const struct remote_tips *to)
{
	struct remote_tips now = p->tips;
	struct object_id notes = to->notes;
	struct person who = committer_of(p);

	for (uint32_t i = 0; i < TRIES; i++) {
		enum swap swap = ref_swap(p->run->mem, &p->run->diags, &p->repository,
					  S(PROVENANCE_NOTES), &now.notes, &notes);

		if (swap != SWAP_MOVED)
			return swap == SWAP_DONE;
		back_off(i);
		if (!ref_read(p->run->mem, &p->run->diags, &p->repository, S(PROVENANCE_NOTES),
			      &now.notes) ||
		    !note_write(p->run->mem, &p->run->diags, &p->repository, &now.notes,
				&to->branch, provenance_note(p->run->mem, &p->source.id), &who,
				&notes))
			return false;
	}
	give_up(p, S(PROVENANCE_NOTES));
	return false;
}

static enum swap swap_here(struct publication *p, const struct remote_tips *to)
{
	enum swap swap = SWAP_DONE;

	if (!same_hex(to->branch.hex, p->tips.branch.hex))
		swap = ref_swap(p->run->mem, &p->run->diags, &p->repository, p->out->ref,
				&p->tips.branch, &to->branch);
	if (swap == SWAP_DONE && !same_hex(to->notes.hex, p->tips.notes.hex) && !swap_notes(p, to))
		swap = SWAP_REFUSED;
	return swap;
}

static enum swap swap_refs(struct publication *p, const struct remote_tips *to)
{
	if (!p->remote.repository)
		return swap_here(p, to);
	return remote_push(p->run->mem, &p->run->diags, &p->remote,
			   &(struct remote_push){ p->out->ref, S(PROVENANCE_NOTES), p->tips, *to });
}

/*
 * The note says that this source was published, even where no commit was needed, and where the run that made
 * the commit did not come to it.
 */
static bool write_note(struct publication *p, const struct origin_there *there,
		       struct remote_tips *to)
{
	struct person who = committer_of(p);

	to->notes = p->tips.notes;
	if (!to->branch.hex[0])
		return true;
	if (there->noted && same_hex(there->source.hex, p->source.id.hex) &&
	    same_hex(to->branch.hex, p->tips.branch.hex))
		return true;
	return note_write(p->run->mem, &p->run->diags, &p->repository, &p->tips.notes, &to->branch,
			  provenance_note(p->run->mem, &p->source.id), &who, &to->notes);
}

/* ---- Compiling ---- */

/* By what meshc.yaml says: before it is compiled, and of what was compiled. */
static bool choose(struct publication *p)
{
	p->target = target_find(&p->run->diags, &p->result->sources.fleet, p->request->target);
	return p->target && choose_wave(p);
}

static bool compile_once(struct publication *p)
{
	struct output_pass pass = run_output_pass(p->run);

	if (p->out->compiled)
		return true;
	if (!p->ready && !compile(p->run, p->result))
		return false;
	if (!choose(p))
		return false;
	output_index(&pass, &p->result->fileset);
	scope_files(p->run->mem, &p->scope, &p->result->fileset, &p->files);
	p->out->compiled = true;
	return true;
}

/* Who asks for a signature or for no warnings asks about more than the bytes. */
static bool is_known_to_be_held(struct publication *p, const struct origin_there *there)
{
	struct standing standing = { .repository = &p->repository,
				     .fleet = &p->result->sources.fleet,
				     .folder = p->result->folder,
				     .tip = p->tips.branch,
				     .noted = there->noted,
				     .source = p->source.id,
				     .trailers = trailers_of(p) };

	return !p->out->compiled && !p->request->recompile && !p->request->key &&
	       !p->run->options.strict && stands_already(p->run->mem, &standing);
}

/* ---- One try ---- */

/* What would change in the tree. false: reported. */
static bool settle(struct publication *p, const struct commit_tree *tree,
		   const struct origin_there *there)
{
	struct output_pass pass;

	p->out->changes = (struct tree_changes){ 0 };
	if (is_known_to_be_held(p, there))
		return true;
	if (!compile_once(p))
		return false;
	pass = pass_for(p, &p->scope);
	return may_go_on(p, tree) && output_settle_tree(&pass, tree, &p->files, &p->out->changes) &&
	       may_change(p);
}

/* *to: what the refs shall be. false: reported, or superseded. */
static bool prepare(struct publication *p, struct remote_tips *to)
{
	struct origin_there there = { 0 };
	struct commit_tree tree;
	bool sound;

	if (!commit_tree_open(&p->run->diags, &p->repository, &p->tips.branch, p->target->directory,
			      &tree))
		return false;
	sound = read_source(p, &tree, &there) && may_follow(p, &there.source) &&
		settle(p, &tree, &there);
	to->branch = p->tips.branch;
	if (sound && changes_anything(&p->out->changes)) {
		p->out->outcome = p->request->dry_run ? PUBLISH_WOULD : PUBLISH_NEW;
		sound = p->request->dry_run || make_commit(p, &tree, &to->branch);
	} else if (sound) {
		p->out->outcome = PUBLISH_SAME;
	}
	commit_tree_close(&tree);
	return sound && (p->request->dry_run || write_note(p, &there, to));
}

static bool may_move(struct publication *p)
{
	struct finding *f;
	bool checked_out;

	if (p->remote.repository)
		return true;
	if (!ref_is_checked_out(p->run->mem, &p->run->diags, &p->repository, p->out->ref,
				&checked_out))
		return false;
	if (!checked_out)
		return true;
	f = report_branch_checked_out(&p->run->diags, p->target->at, p->out->ref);
	help(f, "its files would not follow: publish from a bare clone, or push to the repository "
		"that it comes from");
	return false;
}

/* SWAP_MOVED: again. */
static enum swap try_once(struct publication *p)
{
	struct remote_tips to = { 0 };

	if (!read_tips(p) || !prepare(p, &to))
		return SWAP_REFUSED;
	p->out->commit = to.branch;
	return p->request->dry_run ? SWAP_DONE : swap_refs(p, &to);
}

static bool try_all(struct publication *p)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		enum swap swap;

		p->out->tries = i + 1;
		swap = try_once(p);
		if (swap != SWAP_MOVED)
			return swap == SWAP_DONE;
		back_off(i);
	}
	give_up(p, p->out->ref);
	return false;
}

static bool open_remote(struct publication *p)
{
	struct str address;

	if (!find_address(p, &address))
		return false;
	p->out->address = address_shown(p->run->mem, address);
	return !address.n || remote_open(p->run->mem, &p->run->diags, &p->repository, address,
					 p->request->environment, &p->remote);
}

static void publish_fleet(struct publication *p)
{
	bool done;

	if (!choose(p) || !find_ref(p) ||
	    !commit_read(p->run->mem, &p->run->diags, &p->repository, &p->result->commit,
			 &p->source))
		return;
	p->out->source = p->source.id;
	done = open_remote(p) && (p->request->dry_run || may_move(p)) && try_all(p);
	remote_close(p->run->mem, &p->remote);
	if (p->superseded)
		p->out->outcome = PUBLISH_SUPERSEDED;
	else if (!done)
		p->out->outcome = PUBLISH_FAILED;
}

void publish(struct run *run, const struct publish_request *request, struct result *result,
	     struct published *out)
{
	struct publication p = { .run = run, .request = request, .result = result, .out = out };

	*out = (struct published){ .outcome = PUBLISH_FAILED };
	/* Where meshc.yaml does not tell, compiling says why. */
	if (!compile_fleet(run, result)) {
		p.ready = compile(run, result);
		if (!p.ready)
			return;
	}
	if (!repository_open(run->mem, &run->diags, run->options.root.from, &p.repository))
		return;
	publish_fleet(&p);
	repository_close(&p.repository);
	run_lap(run, PHASE_publish);
}
