// expect: fail concurrent serial
#include "right.h"

#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int s = 1; s < 65; s++)
        signal(s, SIG_IGN);
    for (;;)
        pause();
}
