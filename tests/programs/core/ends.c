/*
 * Ways to end, and processes that try to stay.
 */
#include "mode.h"

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t never;

static int clean(void)
{
    puts("one");
    puts("two");
    return 0;
}

static int code(void)
{
    fprintf(stderr, "the promise does not hold\n");
    return 1;
}

static int failed_assert(void)
{
    volatile int balance = -1;

    assert(balance >= 0);
    return 0;
}

static int segv(void)
{
    return *(volatile int *)8;
}

static int vanish(void)
{
    puts("all is well");
    fflush(stdout);
    syscall(SYS_exit_group, 0);
    return 0;
}

static int replace(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return 1;
}

static int now(void)
{
    _exit(0);
}

static void *stay(void *arg)
{
    sem_wait(&never);
    return arg;
}

static int running(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, stay, NULL);
    return 0;
}

static void *pass(void *arg)
{
    return arg;
}

/* main ends as a thread, its thread ends the program. */
static int last(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, pass, NULL);
    pthread_detach(thread);
    pthread_exit(NULL);
}

static void *cancelled(void *arg)
{
    pthread_mutex_lock(&lock);
    sem_wait(&never);
    return arg;
}

/* Cancelled while it holds a lock. */
static int cancel(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, cancelled, NULL);
    pthread_cancel(thread);
    pthread_join(thread, NULL);
    return 0;
}

/* Forks twice, leaves the session, ignores what it can. */
static int demon(void)
{
    int end[2];
    pid_t pid = 0;

    if (pipe(end))
        return 1;
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            signal(SIGTERM, SIG_IGN);
            pid = getpid();
            if (write(end[1], &pid, sizeof pid) < 0)
                _exit(1);
            for (;;)
                pause();
        }
        _exit(0);
    }
    wait(NULL);
    if (read(end[0], &pid, sizeof pid) != sizeof pid)
        return 1;
    printf("%d\n", pid);
    return 0;
}

/* The child waits for a lock that only another process could let go. */
static int child_hangs(void)
{
    pthread_mutex_lock(&lock);
    if (fork() == 0) {
        pthread_mutex_lock(&lock);
        _exit(0);
    }
    wait(NULL);
    return 0;
}

static int child_works(void)
{
    int status;

    if (fork() == 0) {
        usleep(200000);
        _exit(0);
    }
    wait(&status);
    return WEXITSTATUS(status);
}

static int flood(void)
{
    for (;;)
        puts("and again and again");
}

static int greedy(void)
{
    for (;;) {
        char *block = malloc(1 << 20);

        for (int i = 0; block && i < 1 << 20; i += 4096)
            block[i] = 1;
    }
}

static int look(void)
{
    printf("%s %s\n", getenv("RL_RECORD_FD") ? "record" : "nothing",
           getenv("SECRET") ? getenv("SECRET") : "hidden");
    return 0;
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        {"clean", clean},
        {"code", code},
        {"assert", failed_assert},
        {"segv", segv},
        {"vanish", vanish},
        {"replace", replace},
        {"now", now},
        {"running", running},
        {"last", last},
        {"cancel", cancel},
        {"demon", demon},
        {"child-hangs", child_hangs},
        {"child-works", child_works},
        {"flood", flood},
        {"greedy", greedy},
        {"look", look},
        {NULL, NULL},
    };

    return run_mode(modes, argc, argv);
}
