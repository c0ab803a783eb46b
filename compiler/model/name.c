/*
 * Names that Gloo Mesh derives from others. Users' files refer to them, so they
 * have to come out byte for byte as Gloo's kubeutils.SanitizeNameV2 writes them,
 * its oddities included: the hash is taken before the letters are folded.
 */
#include "base/base.h"
#include "model/inventory.h"
#include "model/local.h"

enum { NAME_MAX_BYTES = 63, NAME_HEAD_BYTES = 31 };

/* 0: the byte is dropped. */
static char sanitized(char c)
{
	if (c && strchr("*/.:_ ", c))
		return '-';
	return c && strchr("[]\n\"'", c) ? '\0' : c;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* my_Service.x -> my-service-x */
struct str name_sanitize(struct arena *mem, struct str in)
{
	size_t room = in.n > NAME_MAX_BYTES ? in.n : NAME_MAX_BYTES;
	char *p = NEW(mem, char, room + 1);
	char hash[32];
	uint32_t n = 0;

	for (uint32_t i = 0; i < in.n; i++) {
		char c = sanitized(in.p[i]);

		if (c)
			p[n++] = c;
	}
	if (n > NAME_MAX_BYTES) {
		md5_hex((struct str){ p, n }, hash);
		p[NAME_HEAD_BYTES] = '-';
		memcpy(p + NAME_HEAD_BYTES + 1, hash, NAME_MAX_BYTES - NAME_HEAD_BYTES - 1);
		n = NAME_MAX_BYTES;
		p[n] = '\0';
	}
	for (uint32_t i = 0; i < n; i++)
		p[i] = lower(p[i]);
	return (struct str){ p, n };
}
