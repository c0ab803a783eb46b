/*
 * seccomp: which system calls there are.
 *
 * What compiling, reading folders and writing them needs is let through, by
 * syscalls.def; what a library might try is refused with EPERM; what only an
 * intruder does ends the process. All else does not exist (ENOSYS), so that
 * libraries that know newer calls fall back on those that they know longer:
 * clone3, whose flags a filter cannot see, on clone.
 */
#include "base/base.h"
#include "sandbox/local.h"

#if defined(__linux__) && !defined(MESHC_NO_SANDBOX)

#if defined(__x86_64__) && defined(__LP64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum verdict { ALLOW, CHANGES, REFUSE, KILL, ALLOW_IF, OWN_IF, READS_IF };

/* What opening for anything but reading has among its flags. */
enum { WRITING = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND };

struct row {
	uint32_t call;
	enum verdict verdict;
	uint32_t argument, mask, value; /* _IF: only where (argument & mask) == value */
};

static const struct row rows[] = {
#define CALL(name, verdict) { SYS_##name, verdict, 0, 0, 0 },
#define CALL_IF(name, verdict, argument, mask, value)                                              \
	{ SYS_##name, verdict, argument, mask, value },
#include "sandbox/syscalls.def"
#undef CALL
#undef CALL_IF
};

/* A row takes 2 instructions, or 6 with a condition; 5 are around them. */
struct program {
	struct sock_filter at[5 + 6 * countof(rows)];
	unsigned short n;
};

static void put(struct program *p, uint16_t code, uint8_t yes, uint8_t no, uint32_t k)
{
	p->at[p->n++] = (struct sock_filter){ code, yes, no, k };
}

static void load(struct program *p, size_t offset)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void give_back(struct program *p, uint32_t action)
{
	put(p, BPF_RET | BPF_K, 0, 0, action);
}

static uint32_t action_of(const struct row *row, bool changes_files)
{
	switch (row->verdict) {
	case CHANGES:
		return changes_files ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | EPERM;
	case ALLOW:
	case ALLOW_IF:
	case OWN_IF:
	case READS_IF:
		return SECCOMP_RET_ALLOW;
	case REFUSE:
		return SECCOMP_RET_ERRNO | EPERM;
	case KILL:
		return SECCOMP_RET_KILL_PROCESS;
	}
	BUG("verdict %d", row->verdict);
}

static void put_row(struct program *p, const struct row *row, bool changes_files)
{
	bool own = row->verdict == OWN_IF,
	     asks = own || row->verdict == ALLOW_IF || (row->verdict == READS_IF && !changes_files);

	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, asks ? 5 : 1, row->call);
	if (asks) {
		/* The low half: all these arguments are of 32 bits to the kernel. */
		load(p, offsetof(struct seccomp_data, args) + row->argument * sizeof(uint64_t));
		put(p, BPF_ALU | BPF_AND | BPF_K, 0, 0, row->mask);
		put(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, own ? (uint32_t)getpid() : row->value);
		give_back(p, SECCOMP_RET_ERRNO | EPERM);
	}
	give_back(p, action_of(row, changes_files));
}

const char *seccomp_restrict(bool changes_files)
{
	struct program p = { .n = 0 };
	struct sock_fprog filter = { .filter = p.at };

	load(&p, offsetof(struct seccomp_data, arch));
	put(&p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
	give_back(&p, SECCOMP_RET_KILL_PROCESS);
	load(&p, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < countof(rows); i++)
		put_row(&p, &rows[i], changes_files);
	give_back(&p, SECCOMP_RET_ERRNO | ENOSYS);
	filter.len = p.n;
	if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter))
		return NULL;
	return errno == ENOSYS || errno == EINVAL ? "the kernel has no seccomp filters"
						  : "seccomp is not to be had here";
}

#else

const char *seccomp_restrict(bool changes_files)
{
	(void)changes_files;
	return "there is no seccomp filter for this processor";
}

#endif
#endif
