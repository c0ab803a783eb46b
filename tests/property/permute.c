/*
 * Nothing but the declarations and the inventory shows in the output: permute N WORLD WORK MESHC... -- SOURCES...
 *
 * N times the documents of some sources are dealt to other files with other names in another order, and compiled by one of
 * the programs with another number of jobs, locale, time zone, umask, home, folder, environment, order of names in folders
 * and place of memory (world.c). Every digest of the output is the first one of these sources.
 */
#include "base/base.h"

#include "base/buf.h"
#include "base/hash.h"
#include "golden/disk.h"
#include "property/chance.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct documents {
	VEC(struct str) all;
};

/* A folder whose documents may stand in any of its files: "mesh", or "inventory/c1". */
struct space {
	struct str path;
	struct documents documents;
};

struct sources {
	const char *name;
	struct str fleet; /* meshc.yaml */
	VEC(struct space) spaces;
	uint64_t digest; /* 0: not known yet */
};

struct trial {
	struct arena *mem;
	struct chance chance;
	uint64_t seed;
	const char *tree, *out, *said, *world, *meshc;
};

/* clang-format off */
static const char *const locales[] = { "C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.EUC-JP", "nonsense", "" };
static const char *const zones[] = { "UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "nonsense", ":/etc/passwd", "" };
static const char *const homes[] = { "/", "/root", "/nonexistent", "/dev/null", "relative", "" };
static const mode_t masks[] = { 022, 0, 077, 027, 002 };
static const char *const noise[] = { "MALLOC_ARENA_MAX=1", "COLUMNS=40", "TERM=xterm-256color", "TERM=dumb", "CI=true", "GITHUB_ACTIONS=true",
	"GIT_DIR=/nonexistent", "LC_NUMERIC=de_DE.UTF-8", "SOURCE_DATE_EPOCH=1", "TMPDIR=/nonexistent", "NO_COLOR=1", "XDG_CONFIG_HOME=/nonexistent",
	"POSIXLY_CORRECT=1", "USER=nobody", "HOSTNAME=elsewhere", "MESHC_NOTHING=1" };
/* clang-format on */

#define PICK(t, from) ((from)[chance_below(&(t)->chance, countof(from))])

/* ---- Sources ---- */

/* Documents begin after a line `---`; a document of comments alone is none. */
static void split(struct arena *mem, struct str text, struct documents *out)
{
	struct buf one = buf_new(mem, 0);

	while (text.n) {
		int64_t end = str_find(text, '\n');
		struct str line = str_slice(text, 0, end < 0 ? text.n : (uint32_t)end + 1);

		text = str_slice(text, line.n, text.n);
		if (!str_eq(line, S("---\n")))
			buf_str(&one, line);
		if (text.n && !str_eq(line, S("---\n")))
			continue;
		if (memmem(buf_view(&one).p, one.n, "kind:", 5))
			vec_add(mem, &out->all, str_copy(mem, buf_view(&one)));
		one = buf_new(mem, 0);
	}
}

/* mesh/a/b.yaml -> mesh; inventory/c1/x.yaml -> inventory/c1 */
static struct str space_of(struct str path)
{
	uint32_t slashes = str_starts(path, S("inventory/")) ? 2 : 1, at = 0;

	for (; at < path.n; at++)
		if (path.p[at] == '/' && !--slashes)
			return str_slice(path, 0, at);
	return S("");
}

static struct space *space_at(struct arena *mem, struct sources *s, struct str path)
{
	struct space *last = s->spaces.n ? &s->spaces.at[s->spaces.n - 1] : NULL;

	if (last && str_eq(last->path, path))
		return last;
	last = vec_push(mem, &s->spaces);
	last->path = path;
	return last;
}

static struct sources read_sources(struct arena *mem, const char *folder)
{
	struct disk_paths files = disk_list(mem, folder);
	struct sources s = { .name = folder };

	s.fleet = disk_read(mem, path_join(mem, folder, "meshc.yaml"));
	for (uint32_t i = 0; i < files.all.n; i++) {
		struct str space = space_of(files.all.at[i]);

		if (space.n)
			split(mem, disk_read(mem, path_join(mem, folder, files.all.at[i].p)),
			      &space_at(mem, &s, space)->documents);
	}
	if (!s.spaces.n)
		give_up("%s: no sources", folder);
	return s;
}

/* ---- Dealing ---- */

static void shuffle(struct trial *t, struct documents *d)
{
	for (uint32_t i = d->all.n; i > 1; i--) {
		uint32_t other = (uint32_t)chance_below(&t->chance, i);
		struct str last = d->all.at[i - 1];

		d->all.at[i - 1] = d->all.at[other];
		d->all.at[other] = last;
	}
}

/* "q/x7.yaml", sometimes a folder deeper. */
static const char *new_name(struct trial *t, uint32_t i)
{
	char first = (char)('a' + chance_below(&t->chance, 26));
	const char *folder = chance_below(&t->chance, 3) ? "" : "q/";

	if (!chance_below(&t->chance, 2))
		first = (char)('A' + first - 'a');
	return str_format(t->mem, "%s%c%u-%u.%s", folder, first,
			  (unsigned)chance_below(&t->chance, 1000), i,
			  chance_below(&t->chance, 2) ? "yaml" : "yml")
		.p;
}

static void deal(struct trial *t, const struct space *s)
{
	struct documents d = { 0 };
	uint32_t left;

	for (uint32_t i = 0; i < s->documents.all.n; i++)
		vec_add(t->mem, &d.all, s->documents.all.at[i]);
	shuffle(t, &d);
	for (uint32_t from = 0; from < d.all.n; from += left) {
		struct buf text = buf_new(t->mem, 0);
		const char *name = str_format(t->mem, "%.*s/%s", STR(s->path), new_name(t, from)).p;

		left = 1 + (uint32_t)chance_below(&t->chance, d.all.n - from);
		for (uint32_t i = from; i < from + left; i++) {
			buf_lit(&text, "---\n");
			buf_str(&text, d.all.at[i]);
		}
		disk_write(t->mem, path_join(t->mem, t->tree, name), buf_view(&text));
	}
}

/* ---- Compiling ---- */

static void choose_surroundings(struct trial *t)
{
	const char *const set[][2] = { { "LC_ALL", PICK(t, locales) },
				       { "LANG", PICK(t, locales) },
				       { "TZ", PICK(t, zones) },
				       { "HOME", PICK(t, homes) } };

	clearenv();
	for (size_t i = 0; i < countof(set); i++)
		if (chance_below(&t->chance, 5))
			setenv(set[i][0], set[i][1], 1);
	for (uint64_t n = chance_below(&t->chance, 4); n; n--)
		putenv((char *)(uintptr_t)PICK(t, noise));
	setenv("MESHC_WORLD", str_format(t->mem, "%" PRIu64, t->seed).p, 1);
	setenv("LD_PRELOAD", t->world, 1);
	umask(PICK(t, masks));
}

static _Noreturn void become(struct trial *t)
{
	const char *jobs = str_format(t->mem, "%u", 1 + (unsigned)chance_below(&t->chance, 8)).p;
	const char *const argv[] = { t->meshc, "-C",        t->tree, "build", "-j",
				     jobs,     "--out-dir", t->out,  NULL };
	int fd = open(t->said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	choose_surroundings(t);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (chdir(chance_below(&t->chance, 2) ? "/" : t->tree))
		_exit(127);
	alarm(60);
	execv(t->meshc, (char *const *)(uintptr_t)argv);
	_exit(127);
}

static uint64_t digest_of(struct arena *mem, const char *folder)
{
	struct disk_paths files = disk_list(mem, folder);
	uint64_t digest = 1;

	if (!files.all.n)
		give_up("%s is empty", folder);
	for (uint32_t i = 0; i < files.all.n; i++) {
		digest = digest * 31 + hash_bytes(files.all.at[i]);
		digest = digest * 31 +
			 hash_bytes(disk_read(mem, path_join(mem, folder, files.all.at[i].p)));
	}
	return digest;
}

static bool compile(struct trial *t)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		give_up("cannot fork");
	if (!pid)
		become(t);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

static bool try_once(struct trial *t, struct sources *s)
{
	uint64_t digest;

	disk_remove(t->mem, t->tree);
	/* Over what stands there in some runs, from nothing in others. */
	if (!s->digest || chance_below(&t->chance, 2))
		disk_remove(t->mem, t->out);
	disk_write(t->mem, path_join(t->mem, t->tree, "meshc.yaml"), s->fleet);
	for (uint32_t i = 0; i < s->spaces.n; i++)
		deal(t, &s->spaces.at[i]);
	if (!compile(t)) {
		printf("%s, seed %" PRIu64 ", %s: does not compile\n%.*s", s->name, t->seed,
		       t->meshc, STR(disk_read(t->mem, t->said)));
		return false;
	}
	digest = digest_of(t->mem, t->out);
	if (!s->digest)
		s->digest = digest;
	if (digest == s->digest)
		return true;
	printf("%s, seed %" PRIu64 ", %s: other bytes than the first compile\n", s->name, t->seed,
	       t->meshc);
	return false;
}

int main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	VEC(struct sources) all = { 0 };
	uint64_t n = argc > 6 ? strtoull(argv[1], NULL, 10) : 0;
	uint32_t n_meshc = 0, n_wrong = 0;

	while (n && argv[4 + n_meshc] && strcmp(argv[4 + n_meshc], "--") != 0)
		n_meshc++;
	for (int i = 5 + (int)n_meshc; n && i < argc; i++)
		vec_add(mem, &all, read_sources(mem, argv[i]));
	if (!n_meshc || !all.n)
		give_up("usage: permute N WORLD WORK MESHC... -- SOURCES...");
	for (uint64_t i = 0; i < n && n_wrong < 10; i++) {
		struct trial t = { .mem = arena_new(), .chance = { i + 1 }, .seed = i + 1 };
		struct sources *s = &all.at[i % all.n];

		t.meshc = argv[4 + chance_below(&t.chance, n_meshc)];
		t.world = argv[2];
		t.tree = str_format(t.mem, "%s/%.*s", argv[3],
				    (int)(1 + chance_below(&t.chance, 20)), "tree-tree-tree-tree-")
				 .p;
		t.out = str_format(t.mem, "%s/out-%u", argv[3], (unsigned)(i % all.n)).p;
		t.said = path_join(t.mem, argv[3], "said");
		n_wrong += !try_once(&t, s);
		disk_remove(t.mem, t.tree);
		arena_free(t.mem);
	}
	printf("%" PRIu64 " permutations of %u sources, %u programs; other output: %u\n", n, all.n,
	       n_meshc, n_wrong);
	arena_free(mem);
	return n_wrong > 0;
}
