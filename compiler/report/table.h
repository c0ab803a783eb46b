/*
 * Columns of text for people: as wide as their widest cell, two spaces apart,
 * numbers to the right, no space at a line's end.
 */
#pragma once

#include "base/buf.h"
#include "base/vec.h"

#define TABLE_COLUMNS 12u

struct table_cell {
	struct str text;
	bool right;
};

struct table {
	struct arena *mem;
	uint32_t columns;
	VEC(struct table_cell) cells; /* row by row, the heading first */
};

struct table table_new(struct arena *, const char *const *headings, uint32_t columns);

/* The next cell, left to right. Text is escaped as it goes in. */
void table_text(struct table *, struct str);
void table_number(struct table *, uint64_t);

void table_write(const struct table *, struct buf *);
