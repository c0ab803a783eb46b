/*
 * MD5 (RFC 1321), because Gloo Mesh shortens long names with it.
 *
 * Only names go through here. It must not be used where somebody could gain
 * from a collision.
 */
#include "base/base.h"
#include "model/local.h"

struct md5 {
	uint32_t word[4];
};

/* floor(2^32 * |sin(i + 1)|) */
/* clang-format off */
static const uint32_t sine[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
	0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
	0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
	0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static const uint8_t turns[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };
/* clang-format on */

static uint32_t turn_left(uint32_t x, uint32_t by)
{
	return x << by | x >> (32 - by);
}

static uint32_t mix(uint32_t step, const uint32_t w[4], uint32_t *index)
{
	switch (step / 16) {
	case 0:
		*index = step;
		return (w[1] & w[2]) | (~w[1] & w[3]);
	case 1:
		*index = (5 * step + 1) % 16;
		return (w[3] & w[1]) | (~w[3] & w[2]);
	case 2:
		*index = (3 * step + 5) % 16;
		return w[1] ^ w[2] ^ w[3];
	default:
		*index = 7 * step % 16;
		return w[2] ^ (w[1] | ~w[3]);
	}
}

static uint32_t little_endian(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void md5_block(struct md5 *m, const uint8_t block[64])
{
	uint32_t w[4], index;

	memcpy(w, m->word, sizeof w);
	for (uint32_t step = 0; step < 64; step++) {
		uint32_t f = mix(step, w, &index) + w[0] + sine[step] +
			     little_endian(&block[4 * (size_t)index]);

		w[0] = w[3];
		w[3] = w[2];
		w[2] = w[1];
		w[1] += turn_left(f, turns[step / 16][step % 4]);
	}
	for (uint32_t i = 0; i < 4; i++)
		m->word[i] += w[i];
}

/* The last bytes, the bit that ends the message, and its length in bits. */
static void md5_tail(struct md5 *m, struct str in)
{
	uint8_t tail[128] = { 0 };
	uint32_t rest = in.n % 64, n = rest < 56 ? 64 : 128;
	uint64_t bits = (uint64_t)in.n * 8;

	if (rest)
		memcpy(tail, in.p + in.n - rest, rest);
	tail[rest] = 0x80;
	for (uint32_t i = 0; i < 8; i++)
		tail[n - 8 + i] = (uint8_t)(bits >> (8 * i));
	md5_block(m, tail);
	if (n == 128)
		md5_block(m, tail + 64);
}

void md5_hex(struct str in, char out[32])
{
	struct md5 m = { { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };

	for (uint32_t at = 0; at + 64 <= in.n; at += 64)
		md5_block(&m, (const uint8_t *)in.p + at);
	md5_tail(&m, in);
	for (size_t i = 0; i < 16; i++) {
		uint32_t byte = m.word[i / 4] >> (8 * (i % 4)) & 0xff;

		out[2 * i] = "0123456789abcdef"[byte >> 4];
		out[2 * i + 1] = "0123456789abcdef"[byte & 15];
	}
}
