// Two processes count in memory that they share, without a lock.
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int *count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child;

    if (count == MAP_FAILED || (child = fork()) < 0) {
        return 1;
    }
    ++*count;
    if (child == 0) {
        return 0;
    }
    waitpid(child, NULL, 0);
    printf("%d\n", *count);
    return 0;
}
