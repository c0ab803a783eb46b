/*
 * Object key -> path: a pure function, so that an object never moves unless its
 * key does.
 *
 *	istio-system, ServiceEntry, networking.istio.io, reviews.bookinfo.svc.c1.global
 *	-> clusters/c2/istio-system/serviceentry.networking.istio.io.reviews.bookinfo.svc.c1.global.yaml
 *
 * Parts are made of [a-z0-9._%-] alone, so paths that differ still differ where
 * case is folded, and none can leave its folder or be hidden.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/buf.h"

enum { PART_BYTES = 200, TAIL_BYTES = 2 + 16 }; /* a tail is "%-" and a hash */

static const char hex[] = "0123456789abcdef";

static bool is_kept(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static void put_escaped(struct buf *out, char c)
{
	unsigned char byte = (unsigned char)c;

	buf_char(out, '%');
	buf_char(out, hex[byte >> 4]);
	buf_char(out, hex[byte & 15]);
}

/* con, con.txt: devices for Windows whatever follows the first dot. */
static bool is_device(struct str text)
{
	static const char *const names[] = { "con", "prn", "aux", "nul", "conin$", "conout$" };
	int64_t dot = str_find(text, '.');
	struct str stem = dot < 0 ? text : str_slice(text, 0, (uint32_t)dot);

	if (stem.n == 4 && (str_starts(stem, S("com")) || str_starts(stem, S("lpt"))))
		return stem.p[3] >= '0' && stem.p[3] <= '9';
	for (size_t i = 0; i < countof(names); i++)
		if (str_eq(stem, str_of(names[i])))
			return true;
	return false;
}

/* Names whose first byte has to change: hidden ones, devices, our lists, and the folder of objects without a namespace. */
static bool is_reserved(struct str text)
{
	return text.p[0] == '.' || is_device(text) || str_eq(text, S("meshc.index")) ||
	       str_eq(text, S("meshc.requirements")) || str_eq(text, S("_cluster"));
}

/* FNV-1a: what keeps two long names apart; equal paths are refused later anyway. */
static uint64_t hash(struct str text)
{
	uint64_t h = 14695981039346656037u;

	for (uint32_t i = 0; i < text.n; i++)
		h = (h ^ (unsigned char)text.p[i]) * 1099511628211u;
	return h;
}

static struct str shorten(struct arena *mem, struct str part, struct str text)
{
	if (part.n <= PART_BYTES)
		return part;
	return str_format(mem, "%.*s%%-%016" PRIx64, PART_BYTES - TAIL_BYTES, part.p, hash(text));
}

/* What nearly all names are: usable as they stand. */
static bool is_usable(struct str text)
{
	for (uint32_t i = 0; i < text.n; i++)
		if (!is_kept(text.p[i]))
			return false;
	return text.n && text.n <= PART_BYTES && text.p[text.n - 1] != '.' && !is_reserved(text);
}

struct str layout_part(struct arena *mem, struct str text)
{
	struct buf out = buf_new(mem, 0);

	if (is_usable(text))
		return text;
	if (!text.n)
		return S("%-");
	for (uint32_t i = 0; i < text.n; i++) {
		bool first = i == 0 && is_reserved(text),
		     last = i + 1 == text.n && text.p[i] == '.';

		if (is_kept(text.p[i]) && !first && !last)
			buf_char(&out, text.p[i]);
		else
			put_escaped(&out, text.p[i]);
	}
	return shorten(mem, buf_view(&out), text);
}

const struct top tops[TOP_MAX] = {
	[TOP_APPLIERS] = { "appliers", ".appliers.meshc-new", ".appliers.meshc-old" },
	[TOP_CLUSTERS] = { OUTPUT_CLUSTERS, ".clusters.meshc-new", ".clusters.meshc-old" },
};

static const char *const prefixes[TOP_MAX] = {
	[TOP_APPLIERS] = "appliers/",
	[TOP_CLUSTERS] = OUTPUT_CLUSTERS "/",
};

struct str top_prefix(int top)
{
	return str_of(prefixes[top]);
}

struct str output_folder(struct arena *mem, struct str cluster)
{
	return str_join(mem, top_prefix(TOP_CLUSTERS), layout_part(mem, cluster));
}

struct str layout_folder(struct arena *mem, const struct object_set *set)
{
	if (set->applier.n)
		return str_join(mem, top_prefix(TOP_APPLIERS), set->applier, S("/"));
	return str_join(mem, output_folder(mem, set->cluster), S("/"));
}

static struct str lower(struct arena *mem, struct str text)
{
	char *p = NEW(mem, char, text.n + 1);

	for (uint32_t i = 0; i < text.n; i++)
		p[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] - 'A' + 'a')
							    : text.p[i];
	return (struct str){ p, text.n };
}

static struct str file_part(struct arena *mem, const struct object_key *key)
{
	struct str kind = lower(mem, key->kind), dot = key->group.n ? S(".") : S("");

	return layout_part(mem, str_join(mem, kind, dot, key->group, S("."), key->name));
}

struct str output_path(struct arena *mem, struct str cluster, const struct object_key *key)
{
	struct str folder = output_folder(mem, cluster);
	struct str space = key->space.n ? layout_part(mem, key->space) : S("_cluster");
	struct str file = file_part(mem, key);

	return str_join(mem, folder, S("/"), space, S("/"), file, S(".yaml"));
}

/* appliers/flux/c1/kustomization.kustomize.toolkit.fluxcd.io.shop-c1.yaml */
static struct str applier_file(struct arena *mem, struct str folder, const struct object *object)
{
	struct str file = file_part(mem, &object->key);

	if (!object->about.n)
		return str_join(mem, folder, file, S(".yaml"));
	return str_join(mem, folder, layout_part(mem, object->about), S("/"), file, S(".yaml"));
}

struct str layout_file(struct arena *mem, const struct object_set *set, const struct object *object)
{
	if (set->applier.n)
		return applier_file(mem, layout_folder(mem, set), object);
	return output_path(mem, set->cluster, &object->key);
}
