// What the pictures share: a program's own text cannot become markup.
#ifndef DRAW_ESCAPE_H
#define DRAW_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

// Writes at most `length` bytes of text, to its end at most, with <, >, & and
// " as entities and control characters as blanks.
void escape_svg(FILE *out, const char *text, size_t length);

#endif
