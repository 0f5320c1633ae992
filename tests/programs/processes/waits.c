// Processes that wait for each other. HOW is a bug or its fix.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct two {
    pthread_mutex_t a, b;
    pthread_cond_t ready;
    int is_ready, sum;
};

static struct two *t;
static const char *how;

static int is(const char *word)
{
    return strcmp(how, word) == 0;
}

static void set_up(void)
{
    pthread_mutexattr_t m;
    pthread_condattr_t c;

    t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (t == MAP_FAILED)
        exit(1);
    pthread_mutexattr_init(&m);
    pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
    if (is("robust"))
        pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&t->a, &m);
    pthread_mutex_init(&t->b, &m);
    pthread_condattr_init(&c);
    pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&t->ready, &c);
}

static void both(pthread_mutex_t *x, pthread_mutex_t *y)
{
    pthread_mutex_lock(x);
    pthread_mutex_lock(y);
    t->sum++;
    pthread_mutex_unlock(y);
    pthread_mutex_unlock(x);
}

static void family(void)
{
    pid_t pid = fork();

    if (pid == 0)
        exit(0);
    waitpid(pid, NULL, 0);
}

static void child(void)
{
    if (is("family"))
        family();
    if (is("order"))
        both(&t->b, &t->a);
    if (is("one-order"))
        both(&t->a, &t->b);
    if (is("died") || is("robust"))
        pthread_mutex_lock(&t->a);
    if (is("signal") || is("no-predicate")) {
        pthread_mutex_lock(&t->a);
        t->is_ready = 1;
        pthread_cond_signal(&t->ready);
        pthread_mutex_unlock(&t->a);
    }
    if (is("aborts"))
        abort();
    exit(0);
}

int main(int argc, char **argv)
{
    pid_t pid;

    how = argc > 1 ? argv[1] : "";
    set_up();
    pid = fork();
    if (pid == 0)
        child();
    if (is("family"))
        family();
    if (is("order") || is("one-order"))
        both(&t->a, &t->b);
    if (is("signal") || is("no-predicate")) {
        pthread_mutex_lock(&t->a);
        while (is("no-predicate") || !t->is_ready) {
            pthread_cond_wait(&t->ready, &t->a);
            if (is("no-predicate"))
                break;
        }
        pthread_mutex_unlock(&t->a);
    }
    waitpid(pid, NULL, 0);
    if (is("died") || is("robust")) {
        if (pthread_mutex_lock(&t->a) == EOWNERDEAD)
            pthread_mutex_consistent(&t->a);
        pthread_mutex_unlock(&t->a);
    }
    puts("done");
    return 0;
}
