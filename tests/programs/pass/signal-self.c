// expect: proved
// A signal to oneself; the process id and the time do not matter.
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void on_signal(int sig)
{
    got = sig;
}

int main(void)
{
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    if (got != SIGUSR1)
        return 1;
    got = 0;
    kill(getpid(), SIGUSR1);
    printf("%d %ld %d\n", got == SIGUSR1, (long)time(NULL), (int)getpid());
    return got != SIGUSR1;
}
