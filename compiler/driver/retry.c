/*
 * Waiting before another try. What is waited for shows in no output.
 */
#include "base/base.h"
#include "driver/local.h"

#include <unistd.h>

enum { FIRST_MS = 20, MOST_MS = 2000 };

void back_off(uint32_t tries)
{
	uint64_t most = (uint64_t)FIRST_MS << (tries < 10 ? tries : 10);
	uint64_t seed = (uint64_t)getpid() * 0x9e3779b97f4a7c15u + tries * 0xbf58476d1ce4e5b9u;
	uint64_t ms;
	struct timespec wait;

	if (most > MOST_MS)
		most = MOST_MS;
	ms = most / 2 + (seed >> 33) % (most / 2 + 1);
	wait = (struct timespec){ (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };
	nanosleep(&wait, NULL);
}
