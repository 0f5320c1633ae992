// What a run cannot contain: the call ends it as unsupported, by its name.
//
// The program may hold such a call and never make it; so the name alone is not
// refused before a run. What is in no row of the table is.

#include "libc_table.h"

#include "libc.h"

#define REFUSE(name, why)                                                      \
    void __wrap_##name(void);                                                  \
    void __wrap_##name(void)                                                   \
    {                                                                          \
        if (rt_on)                                                             \
            rt_unsupported(#name ": " why, RT_CALLER);                         \
        rt_unsupported(#name, RT_CALLER);                                      \
    }

LIBC_REFUSED(REFUSE)
