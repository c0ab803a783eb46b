/*
 * Code points and sets of them, as classes in regular expressions need them.
 *
 * Everything with a name is ASCII, except for Unicode classes: those are known by
 * name only, so that a misspelt one is refused; their members are not kept here.
 */
#include "base/base.h"

#include "plan/regex_local.h"

#include "base/vec.h"

static const struct {
	const char *name;
	char letter; /* of \d, \s, \w */
	struct rune_range ranges[5];
} groups[] = {
	/* clang-format off */
	{ "alnum",  0,   { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' } } },
	{ "alpha",  0,   { { 'A', 'Z' }, { 'a', 'z' } } },
	{ "ascii",  0,   { { 0, 0x7f } } },
	{ "blank",  0,   { { '\t', '\t' }, { ' ', ' ' } } },
	{ "cntrl",  0,   { { 0, 0x1f }, { 0x7f, 0x7f } } },
	{ "digit",  'd', { { '0', '9' } } },
	{ "graph",  0,   { { '!', '~' } } },
	{ "lower",  0,   { { 'a', 'z' } } },
	{ "print",  0,   { { ' ', '~' } } },
	{ "punct",  0,   { { '!', '/' }, { ':', '@' }, { '[', '`' }, { '{', '~' } } },
	{ "space",  0,   { { '\t', '\r' }, { ' ', ' ' } } },
	{ "upper",  0,   { { 'A', 'Z' } } },
	{ "word",   'w', { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } } },
	{ "xdigit", 0,   { { '0', '9' }, { 'A', 'F' }, { 'a', 'f' } } },
	{ "",       's', { { '\t', '\n' }, { '\f', '\r' }, { ' ', ' ' } } },
	/* clang-format on */
};

/* Those that RE2 and Go both know: Unicode 15. */
static const char unicode_classes[] = " Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P "
				      "Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs"
				      " Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan "
				      "Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki"
				      " Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal "
				      "Carian Caucasian_Albanian Chakma Cham Cherokee"
				      " Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan "
				      "Cyrillic Deseret Devanagari Dives_Akuru Dogra"
				      " Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic "
				      "Georgian Glagolitic Gothic Grantha Greek Gujarati"
				      " Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo "
				      "Hatran Hebrew Hiragana Imperial_Aramaic"
				      " Inherited Inscriptional_Pahlavi Inscriptional_Parthian "
				      "Javanese Kaithi Kannada Katakana Kawi Kayah_Li"
				      " Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao "
				      "Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian"
				      " Lydian Mahajani Makasar Malayalam Mandaic Manichaean "
				      "Marchen Masaram_Gondi Medefaidrin Meetei_Mayek"
				      " Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao "
				      "Modi Mongolian Mro Multani Myanmar Nabataean"
				      " Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu "
				      "Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian"
				      " Old_Italic Old_North_Arabian Old_Permic Old_Persian "
				      "Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur"
				      " Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau "
				      "Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic"
				      " Samaritan Saurashtra Sharada Shavian Siddham SignWriting "
				      "Sinhala Sogdian Sora_Sompeng Soyombo Sundanese"
				      " Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham "
				      "Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai"
				      " Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho "
				      "Warang_Citi Yezidi Yi Zanabazar_Square ";

bool unicode_class_exists(struct str name)
{
	const char *at = unicode_classes + 1;

	for (const char *end; (end = strchr(at, ' ')); at = end + 1) {
		if (str_eq(name, (struct str){ at, (uint32_t)(end - at) }))
			return true;
	}
	return false;
}

static bool is_letter(uint32_t rune)
{
	return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z';
}

bool rune_is_word(uint32_t rune)
{
	return is_letter(rune) || (rune >= '0' && rune <= '9') || rune == '_';
}

bool rune_is_text(uint32_t rune)
{
	return rune <= RUNE_MAX && (rune < 0xd800 || rune > 0xdfff);
}

uint32_t rune_read(struct str s, uint32_t *at)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p;
	uint32_t rune, n;

	if (*at >= s.n)
		return RUNE_NONE;
	p = (const unsigned char *)s.p + *at;
	n = p[0] < 0x80   ? 1
	    : p[0] < 0xc0 ? 0
	    : p[0] < 0xe0 ? 2
	    : p[0] < 0xf0 ? 3
	    : p[0] < 0xf8 ? 4
			  : 0;
	if (!n || n > s.n - *at)
		return RUNE_NONE;
	rune = n == 1 ? p[0] : p[0] & (0x7fu >> n);
	for (uint32_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return RUNE_NONE;
		rune = rune << 6 | (p[i] & 0x3fu);
	}
	if (rune < least[n] || !rune_is_text(rune))
		return RUNE_NONE;
	*at += n;
	return rune;
}

void rune_put(struct buf *out, uint32_t rune)
{
	static const uint32_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	uint32_t n = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;

	buf_char(out, (char)(lead[n] | rune >> 6 * (n - 1)));
	while (--n)
		buf_char(out, (char)(0x80 | (rune >> 6 * (n - 1) & 0x3f)));
}

static void add_more(struct arena *mem, struct rune_set *set, uint32_t first, uint32_t last)
{
	if (first > last)
		return;
	set->more = vec_grow_(mem, set->more, set->n, &set->cap, sizeof *set->more);
	set->more[set->n++] = (struct rune_range){ first, last };
}

static bool ascii_has(const struct rune_set *set, uint32_t rune)
{
	return set->ascii[rune / 64] >> rune % 64 & 1;
}

static void ascii_add(struct rune_set *set, uint32_t rune)
{
	set->ascii[rune / 64] |= (uint64_t)1 << rune % 64;
}

void rune_set_add(struct arena *mem, struct rune_set *set, struct rune_range range, bool fold)
{
	for (uint32_t rune = range.first; rune <= range.last && rune < 0x80; rune++) {
		ascii_add(set, rune);
		if (!fold || !is_letter(rune))
			continue;
		ascii_add(set, rune ^ 0x20);
		if ((rune | 0x20) == 'k')
			add_more(mem, set, 0x212a, 0x212a);
		if ((rune | 0x20) == 's')
			add_more(mem, set, 0x17f, 0x17f);
	}
	add_more(mem, set, range.first < 0x80 ? 0x80 : range.first, range.last);
}

/* Everything but the set, which is ASCII and perhaps what folds to it. */
static void add_others(struct arena *mem, struct rune_set *set, const struct rune_set * not )
{
	bool skip_s = rune_set_has(not, 0x17f), skip_k = rune_set_has(not, 0x212a);

	set->ascii[0] |= ~not ->ascii[0];
	set->ascii[1] |= ~not ->ascii[1];
	add_more(mem, set, 0x80, 0x17e);
	add_more(mem, set, skip_s ? 0x180 : 0x17f, 0x2129);
	add_more(mem, set, skip_k ? 0x212b : 0x212a, RUNE_MAX);
}

static void add_group(struct arena *mem, struct rune_set *set, const struct rune_range *ranges,
		      bool negated, bool fold)
{
	struct rune_set group = { 0 };
	struct rune_set *into = negated ? &group : set;

	for (; ranges->last; ranges++)
		rune_set_add(mem, into, *ranges, fold);
	if (negated)
		add_others(mem, set, &group);
}

bool rune_set_add_posix(struct arena *mem, struct rune_set *set, struct str name, bool negated,
			bool fold)
{
	for (size_t i = 0; i < countof(groups); i++) {
		if (!name.n || !str_eq(name, str_of(groups[i].name)))
			continue;
		add_group(mem, set, groups[i].ranges, negated, fold);
		return true;
	}
	return false;
}

bool rune_set_add_perl(struct arena *mem, struct rune_set *set, uint32_t letter, bool fold)
{
	for (size_t i = 0; i < countof(groups); i++) {
		if (!is_letter(letter) || (letter | 0x20) != (uint32_t)groups[i].letter)
			continue;
		add_group(mem, set, groups[i].ranges, letter < 'a', fold);
		return true;
	}
	return false;
}

struct rune_set *rune_set_copy(struct arena *mem, const struct rune_set *set)
{
	struct rune_set *copy = NEW(mem, struct rune_set, 1);

	*copy = *set;
	copy->more = NEW(mem, struct rune_range, set->n);
	copy->cap = set->n;
	if (set->n)
		memcpy(copy->more, set->more, set->n * sizeof *set->more);
	return copy;
}

bool rune_set_has(const struct rune_set *set, uint32_t rune)
{
	if (rune < 0x80)
		return ascii_has(set, rune) != set->negated;
	for (uint32_t i = 0; i < set->n; i++) {
		if (rune >= set->more[i].first && rune <= set->more[i].last)
			return !set->negated;
	}
	return set->negated;
}

uint32_t rune_set_only(const struct rune_set *set)
{
	uint32_t only = RUNE_NONE;

	if (set->negated || set->n)
		return RUNE_NONE;
	for (uint32_t rune = 0; rune < 0x80; rune++) {
		if (!ascii_has(set, rune))
			continue;
		if (only != RUNE_NONE)
			return RUNE_NONE;
		only = rune;
	}
	return only;
}

uint32_t rune_set_pick(const struct rune_set *set)
{
	static const struct rune_range order[] = {
		{ 'a', 'z' }, { '0', '9' }, { 'A', 'Z' }, { '!', '~' }, { 0, 0x80 }
	};

	for (size_t i = 0; i < countof(order); i++) {
		for (uint32_t rune = order[i].first; rune <= order[i].last; rune++) {
			if (rune_set_has(set, rune))
				return rune;
		}
	}
	for (uint32_t i = 0; i < set->n; i++) {
		uint32_t rune = set->negated ? set->more[i].last + 1 : set->more[i].first;

		if (rune_is_text(rune) && rune_set_has(set, rune))
			return rune;
	}
	return RUNE_NONE;
}
