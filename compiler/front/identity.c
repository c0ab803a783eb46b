/*
 * What a document says it is, before anything else of it is believed.
 *
 * Names end up in paths and in host names, so a name that could leave a folder
 * or break a file name is refused here, for every kind alike.
 */
#include "base/base.h"
#include "base/limit.h"
#include "front/local.h"

struct str scalar_of(const struct node *map, struct str key)
{
	const struct node *value = node_get(map, key);

	if (!value || value->kind == NODE_SEQ || value->kind == NODE_MAP ||
	    value->kind == NODE_NULL)
		return (struct str){ 0 };
	return value->u.text;
}

static bool is_small(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* One label between dots. */
static const char *label_fault(struct str label)
{
	if (!label.n)
		return "it has an empty part";
	for (uint32_t i = 0; i < label.n; i++) {
		if (is_capital(label.p[i]))
			return "it has capital letters";
		if (!is_small(label.p[i]) && label.p[i] != '-')
			return "only small letters, digits, `-` and `.` can be in it";
	}
	if (!is_small(label.p[0]) || !is_small(label.p[label.n - 1]))
		return "it must begin and end with a letter or digit";
	return NULL;
}

static const char *subdomain_fault(struct str name)
{
	while (name.n) {
		int64_t dot = str_find(name, '.');
		const char *why = label_fault(dot < 0 ? name : str_slice(name, 0, (uint32_t)dot));

		if (why || dot < 0)
			return why;
		name = str_slice(name, (uint32_t)dot + 1, name.n);
	}
	return "it has an empty part";
}

static const char *danger(struct str name)
{
	if (str_eq(name, S(".")) || str_eq(name, S("..")))
		return "it names a folder";
	for (uint32_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c == '/' || c == '\\')
			return "it would leave its folder";
		if (c < 0x20 || c >= 0x7f)
			return "it has characters that no Kubernetes name has";
	}
	return NULL;
}

const char *name_fault(struct str name, int strictness)
{
	const char *why;

	if (!name.n)
		return "it is empty";
	why = danger(name);
	if (why)
		return why;
	if (name.n > LIMIT_NAME_BYTES)
		return "it is longer than 253 bytes";
	if (strictness == NAME_ANY)
		return NULL;
	if (strictness == NAME_SUBDOMAIN)
		return subdomain_fault(name);
	if (memchr(name.p, '.', name.n))
		return "it must not have dots";
	return name.n > LIMIT_LABEL_BYTES ? "it is longer than 63 bytes" : label_fault(name);
}
