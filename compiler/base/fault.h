/*
 * Named points where the world can refuse. In release builds they cost nothing;
 * with MESHC_FAULT the N-th point reached fails, so that tests can walk them all.
 */
#pragma once

#include "base/base.h"

#ifdef MESHC_FAULT
bool fault_hit(const char *point); /* true: pretend that the call failed, errno is set */
void fault_arm(uint64_t nth);      /* 1-based; 0 disarms; counts from now */
void fault_only(const char *room); /* counts the points named "<room>..." alone; NULL: all */
void fault_errno(int error);       /* what the world says; 0: EIO */
uint64_t fault_seen(void);         /* points reached since fault_arm */
#define FAULT(point) fault_hit(point)
#else
#define FAULT(point) false
#endif
