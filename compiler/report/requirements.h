/*
 * What others have to do for the output to work, by the object that they own.
 */
#pragma once

#include "base/buf.h"
#include "model/object.h"

/* By cluster and namespace: every requirement, whether it is met, what it is for, and the patch where it is not. */
void report_requirements_text(struct buf *, const struct bundle *);

/*
 * {"schema": "meshc.dev/requirements/v1", "requirements": [{"cluster", "kind", "namespace", "name",
 *   "what", "state": "met" | "absent" | "wrong" | "unknown", "found", "patch", "action", "for"}]}
 * patch: a JSON merge patch, as text; left out where none does it, as action is; for: Kind/namespace/name.
 */
void report_requirements_json(struct buf *, const struct bundle *);
