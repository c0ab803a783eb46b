/*
 * Addresses that callers must have: what a matcher's two lists leave, as ranges
 * with exceptions that lie inside them.
 *
 *	forwardedIPs: [10.0.0.0/8, 192.0.2.7]        10.0.0.0/8 except 10.1.0.0/16
 *	notForwardedIPs: [10.1.0.0/16]               192.0.2.7
 *
 * Ranges are compared by their leading bits (RFC 4632, RFC 4291); an address
 * is the range of itself.
 */
#include "base/base.h"

#include "plan/local.h"

#include <arpa/inet.h>

struct range {
	int family;
	uint32_t bits; /* that are fixed */
	unsigned char bytes[16];
};

static const struct {
	int family;
	struct str cidr;
} everywhere[] = {
	{ AF_INET, { "0.0.0.0/0", 9 } },
	{ AF_INET6, { "::/0", 4 } },
};

/* Of a text that has the format `cidr`. */
static struct range range_of(struct arena *mem, struct str cidr)
{
	int64_t slash = str_find(cidr, '/');
	struct str address = slash < 0 ? cidr : str_slice(cidr, 0, (uint32_t)slash);
	struct range r = { .family = str_find(address, ':') < 0 ? AF_INET : AF_INET6 };

	if (inet_pton(r.family, str_z(mem, address), r.bytes) != 1)
		BUG("`%.*s` is no address", STR(cidr));
	if (slash < 0)
		r.bits = r.family == AF_INET ? 32 : 128;
	for (uint32_t i = (uint32_t)slash + 1; slash >= 0 && i < cidr.n; i++)
		r.bits = r.bits * 10 + (uint32_t)(cidr.p[i] - '0');
	return r;
}

static bool contains(const struct range *wide, const struct range *narrow)
{
	uint32_t whole = wide->bits / 8, rest = wide->bits % 8;
	unsigned char differ;

	if (wide->family != narrow->family || wide->bits > narrow->bits ||
	    memcmp(wide->bytes, narrow->bytes, whole) != 0)
		return false;
	if (!rest)
		return true;
	differ = wide->bytes[whole] ^ narrow->bytes[whole];
	return !(differ >> (8 - rest));
}

/* The range without the exceptions that lie inside it; nothing where one covers it all. */
static void add_range(struct arena *mem, struct str cidr, const struct texts *except, bool *used,
		      struct networks *out)
{
	struct range whole = range_of(mem, cidr);
	struct network one = { .cidr = cidr };
	bool gone = false;

	for (uint32_t i = 0; i < except->n; i++) {
		struct range hole = range_of(mem, except->item[i].s);

		if (contains(&hole, &whole)) {
			used[i] = gone = true;
		} else if (contains(&whole, &hole)) {
			used[i] = true;
			vec_add(mem, &one.except, except->item[i].s);
		}
	}
	if (!gone)
		vec_add(mem, out, one);
}

/* used: per exception, it takes something away. */
static void add_ranges(struct arena *mem, const struct request_ip_matcher *m, bool *used,
		       struct networks *out)
{
	const struct texts *from = &m->forwarded_ips, *except = &m->not_forwarded_ips;

	for (uint32_t i = 0; i < from->n; i++)
		add_range(mem, from->item[i].s, except, used, out);
	for (size_t i = 0; !from->n && i < countof(everywhere); i++)
		add_range(mem, everywhere[i].cidr, except, used, out);
}

void networks_add(struct arena *mem, const struct request_ip_matcher *m, struct networks *out)
{
	add_ranges(mem, m, NEW(mem, bool, m->not_forwarded_ips.n), out);
}

static void check(struct arena *mem, struct diags *diags, const struct request_ip_matcher *m)
{
	const struct texts *from = &m->forwarded_ips, *except = &m->not_forwarded_ips;
	bool *used = NEW(mem, bool, except->n);
	struct networks left = { 0 };

	add_ranges(mem, m, used, &left);
	for (uint32_t i = 0; i < except->n; i++)
		if (!used[i])
			note(report_exception_outside(diags, except->item[i].at, except->item[i].s),
			     from->at, "these are the addresses that it could be taken from");
	if (!left.n)
		note(report_no_address_left(diags, except->at), from->n ? from->at : m->at,
		     "nobody has an address that this matches");
}

void networks_check(struct arena *mem, struct diags *diags, const struct builder *b)
{
	for (uint32_t i = 0; i < b->snapshot->access_policies.n; i++) {
		const struct access_policy *policy = b->snapshot->access_policies.at[i]->body;

		for (uint32_t k = 0; k < policy->spec->source_selector.n; k++) {
			const struct request_ip_matcher *m =
				policy->spec->source_selector.item[k].request_ip_matcher;

			if (m)
				check(mem, diags, m);
		}
	}
}
