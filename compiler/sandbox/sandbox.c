/*
 * Both fences, in order: the system calls that put up the second layer of
 * Landlock are among those that seccomp lets through.
 */
#include "base/base.h"
#include "sandbox/local.h"

#if defined(__linux__) && !defined(MESHC_NO_SANDBOX)

#include <sys/prctl.h>

static bool may_change(const struct sandbox_folders *folders)
{
	for (uint32_t i = 0; i < folders->n; i++)
		if (folders->at[i].rights & SANDBOX_CHANGE)
			return true;
	return false;
}

void sandbox_enter(const struct sandbox_folders *folders, struct sandbox *out)
{
	*out = (struct sandbox){ .no_landlock = "the kernel lets programs gain privileges",
				 .no_seccomp = "the kernel lets programs gain privileges" };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return;
	out->no_landlock = landlock_restrict(folders, &out->landlock);
	out->no_seccomp = seccomp_restrict(may_change(folders));
}

void sandbox_narrow(const struct sandbox_folders *folders, struct sandbox *held)
{
	if (!held->no_landlock)
		held->no_landlock = landlock_restrict(folders, &held->landlock);
}

#else

#ifdef MESHC_NO_SANDBOX
#define WHY "this meshc was built without"
#else
#define WHY "this system has none"
#endif

void sandbox_enter(const struct sandbox_folders *folders, struct sandbox *out)
{
	(void)folders;
	*out = (struct sandbox){ .no_landlock = WHY, .no_seccomp = WHY };
}

void sandbox_narrow(const struct sandbox_folders *folders, struct sandbox *held)
{
	(void)folders;
	(void)held;
}

#endif

bool sandbox_holds(const struct sandbox *s)
{
	return !s->no_landlock && !s->no_seccomp;
}
