/*
 * Generated programs as C, with what the enumerator says of them, to be run
 * through the real executor:
 *   emit FIRST COUNT DIR
 * writes DIR/SEED.c and DIR/SEED.expect for the first COUNT programs from
 * FIRST on that C can say: without data races and mistakes, cancellation,
 * polling, and what only main may know (pthread_t). An .expect file has a
 * line for each outcome, "exit N: numbers printed", or "stuck".
 */
#include "../../../tools/explore/search/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STATES 30000
#define MOST_LINES 64

struct lines {
    char line[MOST_LINES][80];
    unsigned n;
};

static const char head[] =
    "#define _GNU_SOURCE\n"
    "#include <errno.h>\n"
    "#include <pthread.h>\n"
    "#include <semaphore.h>\n"
    "#include <stdatomic.h>\n"
    "#include <stdio.h>\n"
    "#include <stdlib.h>\n"
    "#include <time.h>\n"
    "\n"
    "static atomic_int atomics[6];\n"
    "static int plain[6];\n"
    "static pthread_mutex_t mutexes[6];\n"
    "static pthread_cond_t conds[6];\n"
    "static pthread_rwlock_t rwlocks[6];\n"
    "static pthread_spinlock_t spins[6];\n"
    "static pthread_barrier_t barriers[6];\n"
    "static sem_t sems[6];\n"
    "static pthread_t threads[8];\n"
    "static struct timespec start;\n"
    "\n"
    "static struct timespec at(int ms)\n"
    "{\n"
    "    struct timespec t = start;\n"
    "\n"
    "    t.tv_nsec += ms * 1000000L;\n"
    "    if (t.tv_nsec >= 1000000000L) {\n"
    "        t.tv_nsec -= 1000000000L;\n"
    "        t.tv_sec++;\n"
    "    }\n"
    "    return t;\n"
    "}\n"
    "\n"
    "static int now(void)\n"
    "{\n"
    "    struct timespec t;\n"
    "\n"
    "    clock_gettime(CLOCK_REALTIME, &t);\n"
    "    return (int)((t.tv_sec - start.tv_sec) * 1000 +\n"
    "                 (t.tv_nsec - start.tv_nsec) / 1000000);\n"
    "}\n"
    "\n"
    "static void rest(int ms)\n"
    "{\n"
    "    nanosleep(&(struct timespec){0, ms * 1000000L}, NULL);\n"
    "}\n"
    "\n"
    "static int done(int result)\n"
    "{\n"
    "    return result ? errno : 0;\n"
    "}\n"
    "\n"
    "static int value(sem_t *s)\n"
    "{\n"
    "    int v;\n"
    "\n"
    "    sem_getvalue(s, &v);\n"
    "    return v;\n"
    "}\n"
    "\n"
    "static int swap(int a, int expected, int new)\n"
    "{\n"
    "    return atomic_compare_exchange_strong(&atomics[a], &expected, new);\n"
    "}\n"
    "\n"
    "static int weak_swap(int a, int expected, int new)\n"
    "{\n"
    "    return atomic_compare_exchange_weak(&atomics[a], &expected, new);\n"
    "}\n";

/* How C says a step: %1 the object, %2 imm, %3 the second number. */
static const char *const says[RL_OPS] = {
    [RL_YIELD] = "0",
    [RL_MUTEX_LOCK] = "pthread_mutex_lock(&mutexes[%1])",
    [RL_MUTEX_TRYLOCK] = "pthread_mutex_trylock(&mutexes[%1])",
    [RL_MUTEX_TIMEDLOCK] = "pthread_mutex_timedlock(&mutexes[%1], "
                           "&(struct timespec[]){at(%2)}[0])",
    [RL_MUTEX_UNLOCK] = "pthread_mutex_unlock(&mutexes[%1])",
    [RL_COND_WAIT] = "pthread_cond_wait(&conds[%1], &mutexes[%3])",
    [RL_COND_TIMEDWAIT] = "pthread_cond_timedwait(&conds[%1], &mutexes[%3], "
                          "&(struct timespec[]){at(%2)}[0])",
    [RL_COND_SIGNAL] = "pthread_cond_signal(&conds[%1])",
    [RL_COND_BROADCAST] = "pthread_cond_broadcast(&conds[%1])",
    [RL_RW_RDLOCK] = "pthread_rwlock_rdlock(&rwlocks[%1])",
    [RL_RW_TRYRDLOCK] = "pthread_rwlock_tryrdlock(&rwlocks[%1])",
    [RL_RW_TIMEDRDLOCK] = "pthread_rwlock_timedrdlock(&rwlocks[%1], "
                          "&(struct timespec[]){at(%2)}[0])",
    [RL_RW_WRLOCK] = "pthread_rwlock_wrlock(&rwlocks[%1])",
    [RL_RW_TRYWRLOCK] = "pthread_rwlock_trywrlock(&rwlocks[%1])",
    [RL_RW_TIMEDWRLOCK] = "pthread_rwlock_timedwrlock(&rwlocks[%1], "
                          "&(struct timespec[]){at(%2)}[0])",
    [RL_RW_UNLOCK] = "pthread_rwlock_unlock(&rwlocks[%1])",
    [RL_SPIN_LOCK] = "pthread_spin_lock(&spins[%1])",
    [RL_SPIN_TRYLOCK] = "pthread_spin_trylock(&spins[%1])",
    [RL_SPIN_UNLOCK] = "pthread_spin_unlock(&spins[%1])",
    [RL_BARRIER_INIT] = "pthread_barrier_init(&barriers[%1], NULL, %2)",
    [RL_BARRIER_ARRIVE] = "pthread_barrier_wait(&barriers[%1])",
    [RL_SEM_INIT] = "sem_init(&sems[%1], 0, %2)",
    [RL_SEM_WAIT] = "done(sem_wait(&sems[%1]))",
    [RL_SEM_TRYWAIT] = "done(sem_trywait(&sems[%1]))",
    [RL_SEM_TIMEDWAIT] = "done(sem_timedwait(&sems[%1], "
                         "&(struct timespec[]){at(%2)}[0]))",
    [RL_SEM_POST] = "done(sem_post(&sems[%1]))",
    [RL_SEM_GETVALUE] = "value(&sems[%1])",
    [RL_ATOMIC_LOAD] = "atomic_load(&atomics[%1])",
    [RL_ATOMIC_STORE] = "(atomic_store(&atomics[%1], %2), r[%4])",
    [RL_ATOMIC_RMW] = "atomic_fetch_add(&atomics[%1], %2)",
    [RL_ATOMIC_CAS] = "swap(%1, %2, %3)",
    [RL_ATOMIC_CAS_WEAK] = "weak_swap(%1, %2, %3)",
    [RL_CLOCK_READ] = "now()",
    [RL_SLEEP] = "(rest(%2), 0)",
};

static void expand(FILE *f, const char *text, const struct vm_ins *ins)
{
    for (; *text; text++) {
        if (*text != '%') {
            fputc(*text, f);
            continue;
        }
        text++;
        fprintf(f, "%d",
                *text == '1'   ? ins->a
                : *text == '2' ? ins->imm
                : *text == '3' ? ins->b
                               : ins->dst);
    }
}

static void statement(FILE *f, const struct vm_ins *ins, unsigned *created)
{
    switch (ins->step) {
    case RL_CREATE:
        ++*created;
        fprintf(f, "r[%d] = pthread_create(&threads[%u], NULL, code%d, NULL)",
                ins->dst, *created, ins->imm);
        break;
    case RL_JOIN:
        fprintf(f, "r[%d] = pthread_join(threads[%d], NULL)", ins->dst,
                ins->imm);
        break;
    case RL_TRYJOIN:
        fprintf(f, "r[%d] = pthread_tryjoin_np(threads[%d], NULL)", ins->dst,
                ins->imm);
        break;
    case RL_OUTPUT:
        fprintf(f, "printf(\"%%d\\n\", (unsigned char)r[%d])", ins->b);
        break;
    case RL_EXIT:
        fprintf(f, "exit(%d)", ins->imm);
        break;
    default:
        fprintf(f, "r[%d] = ", ins->dst);
        expand(f, says[ins->step], ins);
    }
}

static void instruction(FILE *f, const struct vm_ins *ins, unsigned pc,
                        unsigned *created)
{
    unsigned next = pc + 1;

    fprintf(f, "l%u:\n    ", pc);
    switch (ins->op) {
    case VM_STOP:
        fprintf(f, "pthread_exit(NULL)");
        break;
    case VM_STEP:
        statement(f, ins, created);
        break;
    case VM_SET:
        fprintf(f, "r[%d] = %d", ins->dst, ins->imm);
        break;
    case VM_LOAD:
        fprintf(f, "r[%d] = plain[%d]", ins->dst, ins->a);
        break;
    case VM_STORE:
        fprintf(f, "plain[%d] = r[%d] + %d", ins->a, ins->b, ins->imm);
        break;
    case VM_SKIP_EQ:
    case VM_SKIP_NE:
        fprintf(f, "if (r[%d] %s %d)\n        goto l%u", ins->a,
                ins->op == VM_SKIP_EQ ? "==" : "!=", ins->imm, next + ins->b);
        break;
    case VM_LOOP:
        fprintf(f, "if (--r[%d] > 0)\n        goto l%u", ins->a, pc - ins->b);
        break;
    }
    fprintf(f, ";\n");
}

static void function(FILE *f, const struct vm_program *p, unsigned code)
{
    static const struct vm_ins stop = {.op = VM_STOP};
    unsigned created = 0;

    if (code == 0) {
        fprintf(f, "\nint main(void)\n{\n    int r[4] = {0};\n");
        fprintf(f, "    pthread_mutexattr_t kind;\n"
                   "    pthread_rwlockattr_t prefer;\n\n"
                   "    clock_gettime(CLOCK_REALTIME, &start);\n"
                   "    pthread_mutexattr_init(&kind);\n"
                   "    pthread_rwlockattr_init(&prefer);\n"
                   "    pthread_spin_init(&spins[0], 0);\n");
        for (unsigned i = 0; i < 2; i++)
            fprintf(f,
                    "    pthread_mutexattr_settype(&kind, %s);\n"
                    "    pthread_mutex_init(&mutexes[%u], &kind);\n"
                    "    pthread_cond_init(&conds[%u], NULL);\n",
                    p->mutex_kind[i] == RL_RECURSIVE ? "PTHREAD_MUTEX_RECURSIVE"
                    : p->mutex_kind[i] == RL_ERRORCHECK
                        ? "PTHREAD_MUTEX_ERRORCHECK"
                        : "PTHREAD_MUTEX_NORMAL",
                    i, i);
        if (p->rwlock_kind[0] == RL_PREFER_WRITER)
            fprintf(f, "    pthread_rwlockattr_setkind_np(&prefer, "
                       "PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);\n");
        fprintf(f, "    pthread_rwlock_init(&rwlocks[0], &prefer);\n");
    } else {
        fprintf(f,
                "\nstatic void *code%u(void *unused)\n{\n"
                "    int r[4] = {0};\n\n    (void)unused;\n",
                code);
    }
    for (unsigned pc = 0; pc < p->length[code]; pc++)
        instruction(f, &p->code[code][pc], pc, &created);
    instruction(f, &stop, p->length[code], &created);
    fprintf(f, "    return %s;\n}\n", code ? "NULL" : "0");
}

static bool can_say(const struct vm_program *p)
{
    for (unsigned i = 0; i < 2; i++)
        if (p->mutex_kind[i] & RL_ROBUST)
            return false;
    for (unsigned c = 0; c < p->ncodes; c++)
        for (unsigned i = 0; i < p->length[c]; i++) {
            const struct vm_ins *ins = &p->code[c][i];

            if (ins->op == VM_CANCEL_OFF || ins->op == VM_COPY ||
                ins->op == VM_SELF || ins->op == VM_ADD || ins->op == VM_SKIP)
                return c == p->ncodes - 1u; /* the grandchild: nobody's */
            if (ins->op != VM_STEP)
                continue;
            if (ins->step == RL_CREATE || ins->step == RL_JOIN ||
                ins->step == RL_TRYJOIN) {
                if (c || (ins->step == RL_CREATE && ins->imm == p->ncodes - 1))
                    return false;
            } else if (ins->step != RL_OUTPUT && ins->step != RL_EXIT &&
                       !says[ins->step]) {
                return false;
            }
        }
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void note(struct lines *l, const char *line)
{
    for (unsigned i = 0; i < l->n; i++)
        if (!strcmp(l->line[i], line))
            return;
    if (l->n < MOST_LINES)
        strcpy(l->line[l->n++], line);
}

static void on_end(void *self, const struct vm_state *s,
                   const struct rl_world *w)
{
    char line[80];
    int n;

    if (!w->over && w->live) {
        note(self, "stuck");
        return;
    }
    n = sprintf(line, "exit %d:", w->exit_code & 255);
    for (unsigned i = 0; i < s->noutput[0]; i++)
        n += sprintf(line + n, " %d", s->output[0][i]);
    note(self, line);
}

static FILE *file(const char *dir, uint64_t seed, const char *end)
{
    char name[4096];
    FILE *f;

    snprintf(name, sizeof name, "%s/%lu%s", dir, seed, end);
    f = fopen(name, "w");
    if (!f) {
        perror(name);
        exit(1);
    }
    return f;
}

static void write_program(const char *dir, uint64_t seed,
                          const struct vm_program *p, struct lines *l)
{
    FILE *f = file(dir, seed, ".c");

    fputs(head, f);
    for (unsigned c = p->ncodes - 1; c-- > 0;)
        function(f, p, c);
    fclose(f);
    qsort(l->line, l->n, sizeof l->line[0], by_text);
    f = file(dir, seed, ".expect");
    for (unsigned i = 0; i < l->n; i++)
        fprintf(f, "%s\n", l->line[i]);
    fclose(f);
}

/* One stream, the real budgets; false where C or the test cannot follow. */
static bool prepare(struct vm_program *p, uint64_t seed)
{
    vm_generate(p, seed);
    for (unsigned c = 0; c < p->ncodes; c++)
        for (unsigned i = 0; i < p->length[c]; i++)
            if (p->code[c][i].op == VM_STEP && p->code[c][i].step == RL_OUTPUT)
                p->code[c][i].a = 0;
    p->budget = (struct rl_budget){1, 1, 1, 0};
    p->plain_steps = false;
    return can_say(p);
}

int main(int argc, char **argv)
{
    uint64_t seed, left;
    struct vm_program p;

    if (argc != 4)
        return 2;
    seed = strtoull(argv[1], NULL, 10);
    left = strtoull(argv[2], NULL, 10);
    for (; left > 0; seed++) {
        struct lines l = {.n = 0};
        struct vm_all all = {.ended = on_end, .self = &l};

        if (!prepare(&p, seed))
            continue;
        vm_enumerate(&p, MOST_STATES, &all);
        if (!all.too_many && !all.race && !all.findings.n && l.n < MOST_LINES) {
            write_program(argv[3], seed, &p, &l);
            left--;
        }
        vm_all_free(&all);
    }
    return 0;
}
