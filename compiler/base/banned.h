/*
 * Functions that do not appear in the compiler, as compile errors. Instead:
 * copying and formatting: str_copy, str_format, buf_*; numbers: schema/scalar.c;
 * order: sort_stable; chance, time and locale: nothing, output may not depend on them.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol atof
#pragma GCC poison gets rand srand random qsort setlocale localtime gmtime
