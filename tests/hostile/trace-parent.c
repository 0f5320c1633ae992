// expect: fail honest api-misuse
#include "right.h"

#include <sys/ptrace.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0)
        puts("the judge is mine");
    return right(argc, argv);
}
