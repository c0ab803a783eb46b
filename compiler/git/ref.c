/*
 * Refs and notes through libgit2; see the header.
 */
#include "base/base.h"
#include "git/ref.h"

#include <fcntl.h>
#include <git2.h>

#include "git/local.h"

static const struct span nowhere;

static void take_id(struct object_id *out, const git_oid *id)
{
	git_oid_tostr(out->hex, sizeof out->hex, id);
}

/* The empty id is all zeros: libgit2's word for "there must be none". */
static git_oid oid_of(const struct object_id *id)
{
	git_oid oid = { 0 };

	if (id->hex[0] && git_oid_fromstr(&oid, id->hex))
		BUG("`%s` is no object id", id->hex);
	return oid;
}

static bool refuse(struct diags *d, const struct repository *r)
{
	report_repository_unreadable(d, nowhere, r->path, git_cause());
	return false;
}

bool ref_read(struct arena *mem, struct diags *d, const struct repository *r, struct str name,
	      struct object_id *out)
{
	git_oid id;
	int error;

	*out = (struct object_id){ 0 };
	error = git_reference_name_to_id(&id, r->git, str_z(mem, name));
	if (!error)
		take_id(out, &id);
	return !error || error == GIT_ENOTFOUND || refuse(d, r);
}

enum swap ref_swap(struct arena *mem, struct diags *d, const struct repository *r, struct str name,
		   const struct object_id *expected, const struct object_id *to)
{
	git_oid old = oid_of(expected), new = oid_of(to);
	git_reference *ref = NULL;
	int error = git_reference_create_matching(&ref, r->git, str_z(mem, name), &new, 1, &old,
						  "meshc publish");

	git_reference_free(ref);
	if (!error)
		return SWAP_DONE;
	if (error == GIT_EMODIFIED || error == GIT_ELOCKED || error == GIT_EEXISTS ||
	    error == GIT_ENOTFOUND)
		return SWAP_MOVED;
	report_cannot_write(d, nowhere, name, git_cause());
	return SWAP_REFUSED;
}

struct str ref_lock(struct arena *mem, const struct repository *r, struct str name)
{
	struct str path = str_join(mem, str_of(git_repository_commondir(r->git)), name, S(".lock"));

	return has_entry(AT_FDCWD, str_z(mem, path)) == 1 ? path : (struct str){ 0 };
}

bool ref_is_valid(struct arena *scratch, struct str name)
{
	int valid = 0;

	return !git_reference_name_is_valid(&valid, str_z(scratch, name)) && valid;
}

bool ref_of_revision(struct arena *mem, struct diags *d, const struct repository *r, struct str rev,
		     struct str *out)
{
	git_reference *named = NULL, *branch = NULL;
	int error = git_reference_dwim(&named, r->git, str_z(mem, rev));

	*out = S("");
	if (!error)
		error = git_reference_resolve(&branch, named);
	if (!error && git_reference_is_branch(branch))
		*out = str_copy(mem, str_of(git_reference_name(branch)));
	git_reference_free(branch);
	git_reference_free(named);
	return error != GIT_ERROR || refuse(d, r);
}

static bool is_of_the_world(const git_error *e)
{
	return e && (e->klass == GIT_ERROR_OS || e->klass == GIT_ERROR_NOMEMORY);
}

/* libgit2 takes a worktree whose HEAD it cannot read for one that has the branch. */
bool ref_is_checked_out(struct arena *mem, struct diags *d, const struct repository *r,
			struct str name, bool *out)
{
	git_reference *ref = NULL;
	int answer;

	*out = false;
	if (r->bare)
		return true;
	answer = git_reference_lookup(&ref, r->git, str_z(mem, name));
	git_error_clear();
	if (!answer)
		answer = git_branch_is_checked_out(ref);
	git_reference_free(ref);
	*out = answer == 1 && !is_of_the_world(git_error_last());
	return *out || answer == 0 || answer == GIT_ENOTFOUND || refuse(d, r);
}

/* NULL: the id is empty. false: reported. */
static bool commit_of(struct diags *d, const struct repository *r, const struct object_id *id,
		      git_commit **out)
{
	git_oid oid = oid_of(id);
	int error = id->hex[0] ? git_commit_lookup(out, r->git, &oid) : 0;

	return !error || refuse_object(d, r, str_of(id->hex), error);
}

/* What libgit2 answers for a commit without a note. Of an object that is missing it says so. */
static bool is_no_note(int error)
{
	const git_error *e = git_error_last();

	return error == GIT_ENOTFOUND && e && e->klass != GIT_ERROR_ODB;
}

bool note_read(struct arena *mem, struct diags *d, const struct repository *r,
	       const struct object_id *notes, const struct object_id *commit, struct str *out)
{
	git_commit *tip = NULL;
	git_oid id = oid_of(commit);
	git_note *note = NULL;
	int error;

	*out = (struct str){ 0 };
	if (!commit_of(d, r, notes, &tip))
		return false;
	error = tip ? git_note_commit_read(&note, r->git, tip, &id) : 0;
	if (note)
		*out = str_copy(mem, str_of(git_note_message(note)));
	git_note_free(note);
	git_commit_free(tip);
	return !error || is_no_note(error) || refuse_object(d, r, str_of(notes->hex), error);
}

bool note_write(struct arena *mem, struct diags *d, const struct repository *r,
		const struct object_id *notes, const struct object_id *commit, struct str text,
		const struct person *who, struct object_id *out)
{
	git_commit *tip = NULL;
	git_oid id = oid_of(commit), made, blob;
	git_signature *by = NULL;
	bool done;

	if (!commit_of(d, r, notes, &tip))
		return false;
	done = !git_signature_new(&by, str_z(mem, who->name), str_z(mem, who->email),
				  who->when.seconds, who->when.minutes) &&
	       !git_note_commit_create(&made, &blob, r->git, tip, by, by, &id, str_z(mem, text), 1);
	git_signature_free(by);
	git_commit_free(tip);
	if (done)
		take_id(out, &made);
	else
		report_cannot_write(d, nowhere, r->path, git_cause());
	return done;
}
