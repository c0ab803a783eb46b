/*
 * The commit of a publication: nothing in it depends on who makes it, where or when.
 */
#include "base/base.h"
#include "driver/publication.h"

#include "base/buf.h"
#include "git/sign.h"

struct str trailers_of(struct publication *p)
{
	struct buf out = buf_new(p->run->mem, 0);

	buf_format(&out, "Meshc-Target: %.*s\n", STR(p->target->name));
	if (p->scope.waves == WAVES_THIS)
		buf_format(&out, "Meshc-Wave: %.*s\n",
			   STR(p->result->sources.fleet.rollout.at[p->scope.wave].name));
	if (p->scope.shard.count)
		buf_format(&out, "Meshc-Shard: %" PRIu32 "/%" PRIu32 "\n", p->scope.shard.index,
			   p->scope.shard.count);
	buf_format(&out, "Meshc-Version: %s", p->request->version);
	return buf_view(&out);
}

static struct str message_of(struct publication *p)
{
	struct buf out = buf_new(p->run->mem, 0);
	uint32_t objects = 0;

	for (uint32_t i = 0; i < p->out->changes.clusters.n; i++)
		objects += p->out->changes.clusters.at[i].objects_after;
	buf_str(&out, p->source.subject);
	buf_format(&out, " (%.7s)\n\n%" PRIu32 " clusters, %" PRIu32 " objects\n\n",
		   p->source.id.hex, count_clusters(&p->files), objects);
	if (p->result->sources.fleet.repo_url.n)
		buf_format(&out, "Meshc-Source-Repository: %.*s\n",
			   STR(p->result->sources.fleet.repo_url));
	buf_format(&out, SOURCE_TRAILER "%s\n%.*s\n", p->source.id.hex, STR(trailers_of(p)));
	return buf_view(&out);
}

struct person committer_of(const struct publication *p)
{
	return (struct person){ S("meshc"), S("meshc@localhost"), p->source.committer.when };
}

static bool write_commit(struct publication *p, const struct object_id *tree, struct object_id *out)
{
	struct new_commit c = { .tree = *tree,
				.parent = p->tips.branch,
				.author = p->source.author,
				.committer = committer_of(p),
				.message = message_of(p) };
	struct str text = commit_text(p->run->mem, &c), signature = { 0 };

	if (p->request->key && !sign_text(p->run->mem, &p->run->diags, p->request->key, text,
					  p->request->environment, &signature))
		return false;
	return commit_write(p->run->mem, &p->run->diags, &p->repository, text, signature, out);
}

bool make_commit(struct publication *p, const struct commit_tree *tree, struct object_id *out)
{
	struct tree_edits edits = { 0 };
	struct object_id made;

	tree_changes_edits(p->run->mem, &p->out->changes, &edits);
	vec_add(p->run->mem, &edits,
		((struct tree_edit){ .path = S(PROVENANCE),
				     .bytes =
					     provenance_text(p->run->mem, &p->source,
							     p->result->sources.fleet.repo_url) }));
	return commit_tree_edit(p->run->mem, &p->run->diags, tree, &edits, &made) &&
	       write_commit(p, &made, out);
}
