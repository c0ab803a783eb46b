/*
 * hydrator.metadata and the note on a published commit: which source commit it
 * came from, in the form that Argo CD's source hydrator writes and GitOps Promoter
 * reads (argo-cd commitserver/commit, gitops-promoter docs/custom-hydrator.md).
 */
#include "base/base.h"
#include "output/local.h"

#include "base/buf.h"
#include "source/file.h"
#include "tree/json.h"
#include "tree/yaml.h"

static const struct span nowhere;

static void put(struct arena *mem, struct node *map, const char *key, struct str value)
{
	if (value.n)
		node_put(mem, map, str_of(key), node_string(mem, value, nowhere));
}

struct str provenance_text(struct arena *mem, const struct commit *source, struct str repo_url)
{
	struct node *map = node_map(mem, nowhere);
	struct buf out = buf_new(mem, 0);

	put(mem, map, "repoURL", repo_url);
	put(mem, map, "drySha", str_of(source->id.hex));
	put(mem, map, "author",
	    str_format(mem, "%.*s <%.*s>", STR(source->author.name), STR(source->author.email)));
	put(mem, map, "date", time_text(mem, source->author.when));
	put(mem, map, "subject", source->subject);
	put(mem, map, "body", source->body);
	json_write(&out, map, true);
	buf_char(&out, '\n');
	return buf_view(&out);
}

struct str provenance_note(struct arena *mem, const struct object_id *source)
{
	return str_format(mem, "{\"drySha\":\"%s\"}", source->hex);
}

static bool is_id(struct str text)
{
	for (uint32_t i = 0; i < text.n; i++)
		if (!text.p[i] || !strchr("0123456789abcdef", text.p[i]))
			return false;
	return text.n == OBJECT_HEX;
}

struct object_id provenance_source(struct arena *mem, struct str text)
{
	struct files files = files_new(mem);
	struct diags quiet = diags_new(mem);
	struct documents documents = { 0 };
	struct object_id id = { 0 };
	const struct node *value;

	if (!text.n)
		return id;
	yaml_read(mem, &quiet, files_get(&files, files_add(&files, S(PROVENANCE), text)),
		  &documents);
	if (documents.all.n != 1 || !documents.all.at[0].root ||
	    documents.all.at[0].root->kind != NODE_MAP)
		return id;
	value = node_get(documents.all.at[0].root, S("drySha"));
	if (value && value->kind == NODE_STRING && is_id(value->u.text))
		memcpy(id.hex, value->u.text.p, OBJECT_HEX);
	return id;
}
