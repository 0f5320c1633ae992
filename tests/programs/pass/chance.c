// expect: proved 1
// The time, the process and the numbers of rand are the same in every run.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    srand((unsigned)time(NULL) ^ (unsigned)getpid());
    printf("%d %ld\n", rand(), (long)clock());
    return 0;
}
