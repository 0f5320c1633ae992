// Three processes count in shared memory, each 3 times. HOW is a bug or its
// fix.
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct tally {
    pthread_mutex_t lock;
    sem_t sem;
    atomic_long atomic;
    long plain;
    long each[3];
};

static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
static struct tally *t;
static const char *how;

static int is(const char *word)
{
    return strcmp(how, word) == 0;
}

static void add(int who)
{
    if (is("own-lock")) {
        pthread_mutex_lock(&own);
        t->plain++;
        pthread_mutex_unlock(&own);
    } else if (is("private-lock") || is("shared-lock")) {
        pthread_mutex_lock(&t->lock);
        t->plain++;
        pthread_mutex_unlock(&t->lock);
    } else if (is("private-sem") || is("shared-sem")) {
        sem_wait(&t->sem);
        t->plain++;
        sem_post(&t->sem);
    } else if (is("load-store")) {
        atomic_store(&t->atomic, atomic_load(&t->atomic) + 1);
    } else if (is("fetch-add")) {
        atomic_fetch_add(&t->atomic, 1);
    } else if (is("early-read") || is("each")) {
        t->each[who]++;
    } else {
        t->plain++;
    }
}

int main(int argc, char **argv)
{
    pthread_mutexattr_t a;
    long sum = 0;

    how = argc > 1 ? argv[1] : "";
    t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (t == MAP_FAILED)
        return 1;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setpshared(&a, is("shared-lock")
                                         ? PTHREAD_PROCESS_SHARED
                                         : PTHREAD_PROCESS_PRIVATE);
    pthread_mutex_init(&t->lock, &a);
    sem_init(&t->sem, is("shared-sem"), 1);
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            for (int k = 0; k < 3; k++)
                add(i);
            exit(0);
        }
    }
    for (int i = 0; is("early-read") && i < 3; i++)
        sum += t->each[i];
    for (int i = 0; i < 3; i++)
        wait(NULL);
    for (int i = 0; is("each") && i < 3; i++)
        sum += t->each[i];
    printf("%ld\n", sum + t->plain + t->atomic);
    return 0;
}
