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

bool fault_hit(const char *point)
{
	uint64_t nth = atomic_fetch_add(&seen, 1) + 1;

	(void)point;
	if (nth != atomic_load(&armed))
		return false;
	errno = EIO;
	return true;
}

void fault_arm(uint64_t nth)
{
	atomic_store(&armed, nth);
	atomic_store(&seen, 0);
}

uint64_t fault_seen(void)
{
	return atomic_load(&seen);
}

#endif
