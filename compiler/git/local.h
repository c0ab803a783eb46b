/*
 * Private to git/: system calls by name, with the points at which tests refuse.
 */
#pragma once

#include "git/folder.h"
#include "git/repository.h"
#include "git/worktree.h"

#define NAME_ROOM 256 /* NAME_MAX and its NUL */

/* NUL-terminated in `room`; NULL with errno ENAMETOOLONG or EINVAL when no file can be called so. */
const char *name_z(struct str name, char room[NAME_ROOM]);

struct str error_text(int error); /* without the locale */

/* libgit2, which counts how often it was opened (library.c). */
void library_open(void);
void library_close(void);

/*
 * System calls that are made again where a signal interrupted them (call.c). Below 0 or
 * false: errno says why.
 */

int open_at(int folder, const char *name, int flags, mode_t mode); /* closed in children */
ssize_t read_all(int fd, char *p, size_t room);                    /* fewer: the end */
bool write_all(int fd, const char *p, size_t n);
bool close_written(int fd); /* some file systems say only now that it did not fit */
bool sync_with(int (*sync)(int fd), int fd);

/*
 * One taking in of source files (intake.c): the limits and rules that hold wherever
 * they come from. What is refused is reported.
 */
struct intake {
	struct arena *mem;
	struct diags *diags;
	size_t max_file_bytes;
	uint64_t total; /* bytes so far, of earlier intakes into `out` as well */
	uint32_t seen;  /* names, whatever stands under them */
	bool sound;     /* nothing reported yet */
	bool full;      /* a limit was reached: stop */
	struct tree_listing *out;
};

struct intake intake_new(struct arena *, struct diags *, size_t max_file_bytes,
			 struct tree_listing *out); /* out: NULL for single files */

void intake_refuse(struct intake *, struct str path, struct str why);
void intake_refuse_link(struct intake *, struct str path, const char *what);

bool is_path_below_root(struct str path); /* relative, without ".." */
bool is_source_name(struct str name);     /* *.yaml, *.yml, *.json */
struct str path_below(struct arena *, struct str folder, struct str name);

bool intake_may_hold(struct intake *, uint64_t bytes);                  /* more, of all files */
bool intake_has_room(struct intake *, struct str path, uint64_t size);  /* for a file so large */
bool intake_accepts(struct intake *, struct str path, struct str text); /* counts it */
bool intake_may_add(struct intake *);                                   /* one file more */
bool intake_may_look(struct intake *, struct str folder);               /* at one name more in it */
void intake_overflow(struct intake *); /* there are more files than may be */
void intake_add(struct intake *, struct str path, struct str text);
bool intake_done(struct intake *); /* sorts; whether it is sound */

/* Where a search upwards ended (climb.c). */
struct climbed {
	int fd;          /* -1: nothing wanted was found */
	struct str path; /* as the user can name it */
	uint32_t steps;  /* folders above the first */
};

int has_entry(int folder, const char *name); /* 1, 0, or -1: errno says why it cannot be told */

/* The first of `from` and the folders above it that is wanted, as has_entry says. false: reported. */
bool climb(struct arena *, struct diags *, const char *from, int (*wanted)(int fd),
	   struct climbed *out);

struct finding *refuse_rootless(struct diags *, struct str from); /* no_fleet and what to do */
struct str git_cause(void); /* what libgit2 says of its last failure; valid until the next */

/* Reports that an object cannot be read, by what libgit2 answered: object_missing, or repository_unreadable. */
bool refuse_object(struct diags *, const struct repository *, struct str name, int error);

struct git_tree;
struct git_tree_entry;

/* 0, or what libgit2 answers; *out is the caller's to free. */
int tree_of_commit(const struct repository *, const struct object_id *, struct git_tree **out);

/* The entry under the path, NULL: none. false: a tree on the way cannot be read; *error says why. */
bool tree_entry(struct arena *scratch, const struct git_tree *, struct str path,
		struct git_tree_entry **out, int *error);

/* A folder of its own for a moment (scratch.c); p == NULL: there is none, errno says why. */
struct str scratch_make(struct arena *);
void scratch_drop(struct arena *, struct str path); /* with all below; an empty path is fine */
