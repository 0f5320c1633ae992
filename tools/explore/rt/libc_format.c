// The memory behind the arguments of printf and scanf.
//
// Follows the conversions of C11 7.21.6 and those of glibc, and takes the same
// arguments from the list. Numbered arguments ("%1$d") are not followed: a run
// that meets one ends as unsupported.

#include "libc.h"

#include <stddef.h>
#include <string.h>
#include <wchar.h>

enum length { NONE, HH, H, L, LL, J, Z, T, LONG_DOUBLE };

struct conversion {
    const char *next; // behind it
    bool star;        // scanf: assigns nothing
    bool alloc;       // scanf: %ms
    int stars;        // printf: arguments for width and precision
    long width;       // scanf: or 0
    int precision;    // printf: or -1; -2 is the second of two stars
    enum length length;
    char what;
};

static const char *read_length(const char *f, enum length *length)
{
    static const struct {
        char name[3];
        enum length length;
    } lengths[] = {{"hh", HH}, {"ll", LL},        {"h", H}, {"l", L},
                   {"q", LL},  {"j", J},          {"z", Z}, {"Z", Z},
                   {"t", T},   {"L", LONG_DOUBLE}};

    *length = NONE;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t n = strlen(lengths[i].name);

        if (!strncmp(f, lengths[i].name, n)) {
            *length = lengths[i].length;
            return f + n;
        }
    }
    return f;
}

static long read_number(const char **f)
{
    long n = 0;

    while (**f >= '0' && **f <= '9')
        n = n * 10 + *(*f)++ - '0';
    return n;
}

static struct conversion printf_conversion(const char *f, uintptr_t pc)
{
    struct conversion c = {.precision = -1};

    f += strspn(f, "-+ #0'I");
    if (*f == '*') {
        c.stars++;
        f++;
    } else {
        c.width = read_number(&f);
    }
    if (*f == '$')
        rt_unsupported("a format with numbered arguments", pc);
    if (*f == '.') {
        f++;
        if (*f == '*') {
            c.stars++;
            c.precision = -2;
            f++;
        } else {
            c.precision = (int)read_number(&f);
        }
    }
    f = read_length(f, &c.length);
    c.what = *f;
    c.next = *f ? f + 1 : f;
    return c;
}

static size_t size_of_int(enum length length)
{
    switch (length) {
    case HH:
        return sizeof(char);
    case H:
        return sizeof(short);
    case L:
        return sizeof(long);
    case LL:
    case LONG_DOUBLE:
        return sizeof(long long);
    case J:
        return sizeof(intmax_t);
    case Z:
        return sizeof(size_t);
    case T:
        return sizeof(ptrdiff_t);
    default:
        return sizeof(int);
    }
}

static void skip_int(enum length length, va_list args)
{
    if (size_of_int(length) > sizeof(int))
        (void)va_arg(args, long long);
    else
        (void)va_arg(args, int);
}

static void reads_text(const char *s, int precision, bool wide, uintptr_t pc)
{
    size_t limit = precision < 0 ? SIZE_MAX : (size_t)precision, n = 0;

    if (!s)
        return; // printed as (null)
    if (wide) {
        while (n < limit && ((const wchar_t *)s)[n++])
            ;
        n *= sizeof(wchar_t);
    } else {
        while (n < limit && s[n++])
            ;
    }
    libc_reads(s, n, pc);
}

static void print_argument(const struct conversion *c, int precision,
                           va_list args, uintptr_t pc)
{
    switch (c->what) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        skip_int(c->length, args);
        break;
    case 'c':
    case 'C':
        (void)va_arg(args, int);
        break;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        if (c->length == LONG_DOUBLE)
            (void)va_arg(args, long double);
        else
            (void)va_arg(args, double);
        break;
    case 'p':
        (void)va_arg(args, void *);
        break;
    case 's':
    case 'S':
        reads_text(va_arg(args, char *), precision,
                   c->length == L || c->what == 'S', pc);
        break;
    case 'n':
        libc_writes(va_arg(args, void *), size_of_int(c->length), pc);
        break;
    case 'm':
    case '%':
        break;
    default:
        rt_unsupported("an unknown conversion in a format", pc);
    }
}

void libc_format(const char *format, va_list args, uintptr_t pc)
{
    const char *f = format;
    va_list mine;

    if (!rt_on)
        return;
    libc_reads_string(format, pc);
    va_copy(mine, args);
    while ((f = strchr(f, '%'))) {
        struct conversion c = printf_conversion(f + 1, pc);
        int precision = c.precision, last = -1;

        while (c.stars--)
            last = va_arg(mine, int);
        if (precision == -2)
            precision = last;
        print_argument(&c, precision, mine, pc);
        f = c.next;
    }
    va_end(mine);
}

static struct conversion scanf_conversion(const char *f, uintptr_t pc)
{
    struct conversion c = {0};

    if (*f == '*') {
        c.star = true;
        f++;
    }
    c.width = read_number(&f);
    if (*f == '$')
        rt_unsupported("a format with numbered arguments", pc);
    if (*f == 'm') {
        c.alloc = true;
        f++;
    }
    f = read_length(f, &c.length);
    c.what = *f;
    if (*f == '[') {
        f += f[1] == '^' ? 2 : 1;
        if (*f == ']')
            f++;
        f += strcspn(f, "]");
    }
    c.next = *f ? f + 1 : f;
    return c;
}

static size_t scanned_size(const struct conversion *c, const void *to)
{
    size_t unit = c->length == L ? sizeof(wchar_t) : 1;

    switch (c->what) {
    case 'c':
        return (c->width ? (size_t)c->width : 1) * unit;
    case 's':
    case '[':
        return (unit == 1 ? strlen(to) : wcslen(to)) * unit + unit;
    case 'p':
        return sizeof(void *);
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return c->length == LONG_DOUBLE ? sizeof(long double)
               : c->length == L         ? sizeof(double)
                                        : sizeof(float);
    default:
        return size_of_int(c->length);
    }
}

void libc_scanned(const char *format, va_list args, int filled, uintptr_t pc)
{
    const char *f = format;
    va_list mine;

    if (!rt_on)
        return;
    libc_has_read_string(format, pc);
    va_copy(mine, args);
    while ((f = strchr(f, '%'))) {
        struct conversion c = scanf_conversion(f + 1, pc);
        void *to;

        f = c.next;
        if (c.what == '%' || c.star)
            continue;
        // A %n behind the last item filled may or may not have been reached.
        if (filled <= 0)
            break;
        to = va_arg(mine, void *);
        libc_has_written(to, c.alloc ? sizeof(void *) : scanned_size(&c, to),
                         pc);
        if (c.what != 'n')
            filled--;
    }
    va_end(mine);
}
