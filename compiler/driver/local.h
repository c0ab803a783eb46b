/*
 * Private to driver/.
 */
#pragma once

#include "driver/scope.h"
#include "driver/run.h"
#include "output/output.h"

#define LIMIT_PROVENANCE ((size_t)1 << 20) /* hydrator.metadata: a message and a few lines */

struct output_pass run_output_pass(struct run *);

/* Waits a while, longer each time and never as long as somebody else (retry.c). */
void back_off(uint32_t tries);
