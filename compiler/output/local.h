/*
 * Private to output/.
 */
#pragma once

#include "output/ledger.h"
#include "output/output.h"

/*
 * Folders that are replaced as a whole. What lies in one of them is a folder with an
 * index of its own, or somebody else's.
 */
enum { TOP_APPLIERS, TOP_CLUSTERS, TOP_MAX }; /* as their names sort */
struct top {
	const char *name;
	const char *built; /* the next one while it is built, the last one while it goes */
	const char *aside;
};
extern const struct top tops[TOP_MAX];
struct str top_prefix(int top); /* "clusters/" */

/* Whether the run is about the folder `part` below "clusters/" or "appliers/". */
bool pass_takes(const struct output_pass *, struct str prefix, struct str part);

#define ATTRIBUTES ".gitattributes"
#define ATTRIBUTES_BUILT ".gitattributes.meshc-new"

/* needs.c: the file MESHC.requirements of a cluster, and what its row in the index says. */
#define NEEDS_NAME "MESHC.requirements"
#define NEEDS_KIND "Requirements.meshc.dev"
struct str needs_text(struct arena *, const struct object_set *);
const struct object *needs_object(struct arena *, const struct object_set *);

/* What a part of a path is called: [a-z0-9._-] stays, the rest is %xx; never a name that some system reserves. */
struct str layout_part(struct arena *, struct str text);             /* may be a view of it */
struct str layout_folder(struct arena *, const struct object_set *); /* "clusters/<cluster>/" */
struct str layout_file(struct arena *, const struct object_set *, const struct object *);

/* transition.c: reports used_until_now for what stood in the folder of a cluster and what will. */
struct transition {
	struct arena *mem;
	struct diags *diags;
	struct str prefix; /* "clusters/c1/" */
	const struct ledger *ledger;
	const struct changes *changes;
	/* What stands under a path that starts with the prefix; text->p NULL: nothing. */
	bool (*read)(void *cx, struct str path, struct str *text);
	void *cx;
};
void transition_check(const struct transition *);

/* [from, to) of the items whose path starts with the prefix; they are sorted by path. */
struct range {
	uint32_t from, to;
};
struct range rows_below(const struct changes *, struct str prefix);
struct range files_below(const struct fileset *, struct str prefix);

void sort_files(struct arena *scratch, struct output_file *, uint32_t n); /* by path */

struct str root_path(const char *out_dir); /* without '/' at its end */

struct str attributes_text(bool appliers);
bool attributes_are_ours(struct str text);
