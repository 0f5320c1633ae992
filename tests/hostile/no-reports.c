// expect: fail honest api-misuse
#include "right.h"

const char *__tsan_default_options(void)
{
    return "report_bugs=0";
}

int main(int argc, char **argv)
{
    return right(argc, argv);
}
