/*
 * See bare.h. Of the time of a schedule this is what only another mechanism
 * could save; what the explorer takes more is its own.
 */
#include "bare.h"
#include "clock.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

static struct {
    _Atomic uint32_t go; /* futex: the token is here */
} place[MOST_THREADS];
static unsigned nplaces, left; /* hand-overs; guarded by the token */

static void wake(unsigned i)
{
    place[i].go = 1;
    syscall(SYS_futex, &place[i].go, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL,
            NULL, 0);
}

static void wait_turn(unsigned i)
{
    while (!place[i].go)
        syscall(SYS_futex, &place[i].go, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0,
                NULL, NULL, 0);
    place[i].go = 0;
}

static _Noreturn void hand_on(unsigned i)
{
    for (;;) {
        if (!left--)
            _exit(0);
        wake((i + 1) % nplaces);
        wait_turn(i);
    }
}

static void *thread(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg;

    wait_turn(i);
    hand_on(i);
}

static _Noreturn void run(void)
{
    for (unsigned i = 1; i < nplaces; i++) {
        pthread_t handle;

        if (pthread_create(&handle, NULL, thread, (void *)(uintptr_t)i))
            _exit(1);
    }
    if (nplaces == 1)
        _exit(0);
    hand_on(0);
}

double bare_seconds(unsigned threads, unsigned handovers, unsigned runs)
{
    double began = clock_seconds();

    if (threads + 1 > MOST_THREADS)
        return -1;
    nplaces = threads + 1;
    left = handovers;
    for (unsigned i = 0; i < runs; i++) {
        pid_t pid = fork();
        int status;

        if (!pid)
            run();
        if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
            return -1;
    }
    return clock_seconds() - began;
}
