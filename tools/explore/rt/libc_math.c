// Results that functions of <math.h> put elsewhere. A file of its own: what
// needs the mathematical library brings it into the program, whose every run
// would pay for its pages.
#include "libc.h"

#include <math.h>

#define SPLIT(type, name, part)                                                \
    LIBC_WRAP(type, name)(type x, part * to)                                   \
    {                                                                          \
        libc_writes(to, sizeof *to, RT_CALLER);                                \
        return __real_##name(x, to);                                           \
    }

SPLIT(double, modf, double)
SPLIT(float, modff, float)
SPLIT(long double, modfl, long double)
SPLIT(double, frexp, int)
SPLIT(float, frexpf, int)
SPLIT(long double, frexpl, int)
SPLIT(double, lgamma_r, int)

LIBC_WRAP(double, remquo)(double x, double y, int *to)
{
    libc_writes(to, sizeof *to, RT_CALLER);
    return __real_remquo(x, y, to);
}

LIBC_WRAP(void, sincos)(double x, double *sine, double *cosine)
{
    libc_writes(sine, sizeof *sine, RT_CALLER);
    libc_writes(cosine, sizeof *cosine, RT_CALLER);
    __real_sincos(x, sine, cosine);
}

LIBC_WRAP(double, lgamma)(double x)
{
    libc_writes(&libc_state_signgam, 1, RT_CALLER);
    return __real_lgamma(x);
}
