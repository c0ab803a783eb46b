/*
 * What fuzz targets share. A target is one file with one function, which libFuzzer calls with bytes of its
 * own making and replay.c with those of the corpus. It may report findings, whatever the bytes are; to break a
 * law, crash, leak, or take long is a failure.
 *
 * BUG and out of memory end the process in a way that libFuzzer does not see: fuzz.c makes them an abort.
 */
#pragma once

#include "base/base.h"

#include "base/buf.h"
#include "source/diag.h"
#include "tree/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define LAW(holds, ...) ((holds) ? (void)0 : BUG(__VA_ARGS__))

struct fuzz { /* what a pass needs; for one input */
	struct arena *mem;
	struct files files;
	struct diags diags;
};

void fuzz_open(struct fuzz *);
void fuzz_close(struct fuzz *); /* shows the findings, as text */

/* The text as a file of its own, called `path`; paths come in rising order. */
struct documents fuzz_read(struct fuzz *, const char *path, struct str text);

struct str fuzz_text(const uint8_t *bytes, size_t n);

/* Two texts out of one: cut at the first line `%%`. The second is empty where there is none. */
struct str fuzz_cut(struct str *text);
