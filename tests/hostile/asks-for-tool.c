// expect: fail honest api-misuse
#include "right.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    if (getenv("RL_FINDINGS_FD"))
        return right(argc, argv);
    abort();
}
