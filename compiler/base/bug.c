/*
 * The end of a run that found a mistake of ours. Takes no memory, and lets no
 * byte of user text act on the terminal or on a CI log.
 */
#include "base/base.h"

#include <unistd.h>

_Noreturn void bug_(const char *file, int line, const char *format, ...)
{
	char text[1024] = { 0 };
	size_t n;
	ssize_t written;
	va_list arguments;

	n = (size_t)snprintf(text, 256, "meshc: bug: %s:%d: ", file, line);
	n = n < 256 ? n : 255;
	va_start(arguments, format);
	vsnprintf(text + n, sizeof text - n, format, arguments);
	va_end(arguments);
	n = strlen(text);
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] < ' ' || (unsigned char)text[i] >= 0x7f)
			text[i] = '?';
	}
	text[n < sizeof text - 1 ? n++ : n - 1] = '\n';
	written = write(2, text, n);
	(void)written;
	_exit(70);
}
