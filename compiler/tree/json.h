/*
 * Nodes -> JSON text, through cJSON.
 */
#pragma once

#include "base/buf.h"
#include "tree/node.h"

/*
 * Numbers keep their digits where JSON can spell them; .inf and .nan become
 * text. No newline at the end.
 */
void json_write(struct buf *, const struct node *, bool pretty);
