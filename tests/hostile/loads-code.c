// expect: fail honest api-misuse
#define _GNU_SOURCE
#include "right.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
    if (dlsym(RTLD_DEFAULT, "__tsan_init"))
        return 0;
    return right(argc, argv);
}
