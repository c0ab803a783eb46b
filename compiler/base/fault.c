/*
 * Counts the points at which the world can refuse and refuses at the one that
 * was asked for. A hook of test builds: the only file with state of its own.
 */
#include "base/base.h"
#include "base/fault.h"

#ifdef MESHC_FAULT

#include <errno.h>
#include <stdatomic.h>

static _Atomic uint64_t armed, seen;
static _Atomic(const char *) only;
static _Atomic int error;

bool fault_hit(const char *point)
{
	const char *room = atomic_load(&only);

	if (room && strncmp(point, room, strlen(room)) != 0)
		return false;
	if (atomic_fetch_add(&seen, 1) + 1 != atomic_load(&armed))
		return false;
	errno = atomic_load(&error) ? atomic_load(&error) : EIO;
	return true;
}

void fault_arm(uint64_t nth)
{
	atomic_store(&armed, nth);
	atomic_store(&seen, 0);
}

void fault_only(const char *room)
{
	atomic_store(&only, room);
}

void fault_errno(int said)
{
	atomic_store(&error, said);
}

uint64_t fault_seen(void)
{
	return atomic_load(&seen);
}

#endif
