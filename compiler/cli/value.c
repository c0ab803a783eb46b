/*
 * The values of options and words; see the header. Lists that belong to others
 * (formats, kinds, findings, commands) are read from their tables.
 */
#include "base/base.h"
#include "cli/value.h"

#include "cli/command.h"
#include "schema/model.gen.h"

static const char *const colors[] = {
	[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL
};

static const char *const levels[] = {
	[FAIL_ON_ERROR] = "error", [FAIL_ON_WARNING] = "warning", [FAIL_ON_NEVER] = "never", NULL
};

static const char *const modes[] = {
	[SANDBOX_AUTO] = "auto", [SANDBOX_REQUIRE] = "require", [SANDBOX_OFF] = "off", NULL
};

static void list_formats(struct arena *mem, struct value_set *out)
{
	for (const struct report_format *f = report_formats; f->name; f++)
		vec_add(mem, &out->all, str_of(f->name));
}

static void list_kinds(struct arena *mem, struct value_set *out)
{
	for (uint32_t i = 0; i < n_schema_texts; i++)
		vec_add(mem, &out->all, str_of(schema_texts[i].kind));
}

static void list_findings(struct arena *mem, struct value_set *out)
{
	for (uint32_t i = 0; i < CODE_MAX; i++)
		vec_add(mem, &out->all, str_format(mem, "MSH%04u", diag_row((enum code)i)->number));
}

/* Of commands of two words the first one, once. */
static void list_commands(struct arena *mem, struct value_set *out)
{
	for (uint32_t i = 0; i < command_count(); i++) {
		struct str first = command_first(command_at(i));

		if (value_find(out, first) < 0)
			vec_add(mem, &out->all, first);
	}
}

static const char *const forms[] = { "json", "text", NULL };

struct value {
	const char *name;
	const char *const *fixed; /* ends with NULL */
	void (*list)(struct arena *, struct value_set *out);
	bool folders;
};

static const struct value values[] = {
	{ .name = "WHEN", .fixed = colors },          { .name = "LEVEL", .fixed = levels },
	{ .name = "MODE", .fixed = modes },           { .name = "FORMAT", .list = list_formats },
	{ .name = "KIND", .list = list_kinds },       { .name = "MSHnnnn", .list = list_findings },
	{ .name = "COMMAND", .list = list_commands }, { .name = "DIR", .folders = true },
	{ .name = "FORM", .fixed = forms },
};

static void add_value(struct arena *mem, struct str name, struct value_set *out)
{
	for (size_t i = 0; i < countof(values); i++) {
		const struct value *v = &values[i];

		if (!str_eq(name, str_of(v->name)))
			continue;
		for (const char *const *word = v->fixed; word && *word; word++)
			vec_add(mem, &out->all, str_of(*word));
		if (v->list)
			v->list(mem, out);
		out->folders |= v->folders;
	}
}

struct value_set value_set(struct arena *mem, struct str name)
{
	struct value_set out = { 0 };

	add_value(mem, name, &out);
	return out;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
	return is_small(c) || (c >= 'A' && c <= 'Z');
}

/* "KIND" of KIND[.FIELD...]: what follows at once refines it. */
struct value_set value_set_of_words(struct arena *mem, const char *words)
{
	struct value_set out = { 0 };
	struct str rest = str_of(words);

	while (rest.n) {
		uint32_t from = rest.p[0] == '[', n = from;
		int64_t bar = str_find(rest, '|');
		struct str word;

		while (n < rest.n && is_letter(rest.p[n]))
			n++;
		word = str_slice(rest, from, n);
		if (word.n && is_small(word.p[0]))
			vec_add(mem, &out.all, word);
		else
			add_value(mem, word, &out);
		rest = bar < 0 ? S("") : str_slice(rest, (uint32_t)bar + 2, rest.n);
	}
	return out;
}

int value_find(const struct value_set *set, struct str value)
{
	for (uint32_t i = 0; i < set->all.n; i++)
		if (str_eq(set->all.at[i], value))
			return (int)i;
	return -1;
}

struct str value_complaint(struct arena *mem, const struct value_set *set, struct str value)
{
	struct buf out = buf_new(mem, 0);

	buf_format(&out, "`%.*s` is not one of ", STR(value));
	for (uint32_t i = 0; i < set->all.n; i++) {
		if (i)
			buf_format(&out, "%s", i + 1 < set->all.n ? ", " : " and ");
		buf_str(&out, set->all.at[i]);
	}
	return buf_view(&out);
}
