/*
 * Finding an explanation by its number.
 */
#include "base/base.h"
#include "cli/catalogue.h"

const struct catalogue_entry *catalogue_find(uint16_t number)
{
	uint32_t from = 0, to = n_catalogue;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (catalogue[middle].number == number)
			return &catalogue[middle];
		if (catalogue[middle].number < number)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
