/*
 * Refs and notes through libgit2; see the header.
 */
#include "base/base.h"
#include "git/ref.h"

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

bool ref_read(struct arena *mem, struct diags *d, const struct repository *r, struct str name,
	      struct object_id *out)
{
	git_oid id;
	int error;

	*out = (struct object_id){ 0 };
	error = git_reference_name_to_id(&id, r->git, str_z(mem, name));
	if (!error)
		take_id(out, &id);
	else if (error != GIT_ENOTFOUND)
		report_repository_unreadable(d, nowhere, r->path, git_cause());
	return !error || error == GIT_ENOTFOUND;
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

bool ref_is_valid(struct arena *scratch, struct str name)
{
	int valid = 0;

	return !git_reference_name_is_valid(&valid, str_z(scratch, name)) && valid;
}

struct str ref_of_revision(struct arena *mem, const struct repository *r, struct str rev)
{
	git_reference *named = NULL, *branch = NULL;
	struct str name = S("");

	if (!git_reference_dwim(&named, r->git, str_z(mem, rev)) &&
	    !git_reference_resolve(&branch, named) && git_reference_is_branch(branch))
		name = str_copy(mem, str_of(git_reference_name(branch)));
	git_reference_free(branch);
	git_reference_free(named);
	return name;
}

bool ref_is_checked_out(struct arena *mem, const struct repository *r, struct str name)
{
	git_reference *ref = NULL;
	bool checked_out = !git_reference_lookup(&ref, r->git, str_z(mem, name)) &&
			   git_branch_is_checked_out(ref) == 1;

	git_reference_free(ref);
	return checked_out && !r->bare;
}

static git_commit *commit_of(const struct repository *r, const struct object_id *id)
{
	git_oid oid = oid_of(id);
	git_commit *c = NULL;

	return id->hex[0] && !git_commit_lookup(&c, r->git, &oid) ? c : NULL;
}

struct str note_read(struct arena *mem, const struct repository *r, const struct object_id *notes,
		     const struct object_id *commit)
{
	git_commit *tip = commit_of(r, notes);
	git_oid id = oid_of(commit);
	git_note *note = NULL;
	struct str text = { 0 };

	if (tip && !git_note_commit_read(&note, r->git, tip, &id))
		text = str_copy(mem, str_of(git_note_message(note)));
	git_note_free(note);
	git_commit_free(tip);
	return text;
}

bool note_write(struct arena *mem, struct diags *d, const struct repository *r,
		const struct object_id *notes, const struct object_id *commit, struct str text,
		const struct person *who, struct object_id *out)
{
	git_commit *tip = commit_of(r, notes);
	git_oid id = oid_of(commit), made, blob;
	git_signature *by = NULL;
	bool done;

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
