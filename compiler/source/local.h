/*
 * Private to source/: one character as it may be shown.
 */
#pragma once

#include "base/buf.h"

/*
 * Puts the first character of the text, spelled out if it could act on a terminal or hide.
 * Returns the bytes it took, at least 1; `columns` is what it takes on the screen.
 */
uint32_t escape_char(struct buf *, struct str text, uint32_t *columns);
