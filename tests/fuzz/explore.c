/*
 * The memory that the explorer shares with the program under it: what a run
 * left there, made sane, judged, named and told. After an even first byte the
 * beginnings of its parts are the input, the rest is zero; after an odd one
 * the input is a replay token.
 *
 * with: explore/driver/sane explore/driver/judge explore/driver/standstill
 * with: explore/driver/outcome explore/driver/names explore/driver/bag
 * with: explore/driver/token explore/driver/needs explore/driver/words
 * with: explore/driver/ends explore/driver/trace core/finding core/symbols
 * with: explore/model/% explore/rt/libc_table
 * links: -ldw -lelf -ljansson
 */
#include "fuzz.h"

#include "../../tools/explore/driver/bag.h"
#include "../../tools/explore/driver/ends.h"
#include "../../tools/explore/driver/judge.h"
#include "../../tools/explore/driver/needs.h"
#include "../../tools/explore/driver/sane.h"
#include "../../tools/explore/driver/token.h"
#include "../../tools/explore/driver/trace.h"

#include <sys/mman.h>

enum { THREADS = 3, FINDINGS = 2, OBJECTS = 4, EVENTS = 6 };

struct server {
    struct rx_shm *shm;
};

static struct server server;
static struct names *names;
static FILE *nowhere;

/* In the place of server.c, which would start a program. */
struct rx_shm *server_shm(struct server *s)
{
    return s->shm;
}

const struct rl_world *server_world(const struct server *s)
{
    return (const struct rl_world *)s->shm->world;
}

const char *server_stdout(struct server *s, size_t *length)
{
    (void)s;
    *length = 6;
    return "total\n";
}

const char *server_stderr(struct server *s, size_t *length)
{
    return server_stdout(s, length);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    size_t size = sizeof(struct rx_shm) + rl_world_bytes(RX_MAX_OBJECTS);
    char *path = beside((*argv)[0], "program");

    (void)argc;
    server.shm = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    nowhere = fopen("/dev/null", "w");
    names = names_open(path, &server);
    if (server.shm == MAP_FAILED || !nowhere || !names)
        abort();
    free(path);
    return 0;
}

/* Fills part with what is left of the input, at most size bytes. */
static void fill(void *part, size_t size, const uint8_t **at, size_t *left)
{
    size_t n = *left < size ? *left : size;

    memset(part, 0, size);
    memcpy(part, *at, n);
    *at += n;
    *left -= n;
}

static void take_token(const uint8_t *data, size_t size)
{
    struct token_id id = {.family = 'g', .program = 1, .args = 2, .input = 3};
    char *token = strndup((const char *)data, size);

    token_read(&server, id, token);
    free(token);
}

static void take_run(const uint8_t *at, size_t left)
{
    struct rx_shm *shm = server.shm;
    struct rx_result *r = &shm->result;
    struct rl_world *w = (struct rl_world *)shm->world;

    memset(r, 0, sizeof *r);
    fill(r, offsetof(struct rx_result, thread), &at, &left);
    fill(r->thread, THREADS * sizeof r->thread[0], &at, &left);
    fill(r->finding, FINDINGS * sizeof r->finding[0], &at, &left);
    fill(r->object, OBJECTS * sizeof r->object[0], &at, &left);
    fill(shm->event, EVENTS * sizeof shm->event[0], &at, &left);
    memset(w->threads, 0, sizeof w->threads);
    fill(w, offsetof(struct rl_world, threads), &at, &left);
    fill(w->threads, THREADS * sizeof w->threads[0], &at, &left);
    fill(w->objects, OBJECTS * sizeof w->objects[0], &at, &left);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct expect expect = {"total\n", 6, 0};
    struct judge j = {.server = &server,
                      .names = names,
                      .bag = bag_new(),
                      .expect = &expect,
                      .detector = "explore",
                      .remarks = true};
    char words[160];

    if (size && data[0] & 1) {
        take_token(data + 1, size - 1);
        bag_free(j.bag);
        return 0;
    }
    take_run(data + 1, size ? size - 1 : 0);
    sane_make(server.shm);
    judge_run(&j);
    judge_reference(&j);
    ends_words(&server.shm->result, words, sizeof words);
    ends_reason(&server.shm->result, names, words, sizeof words);
    needs_of(&j);
    needs_last_switch(&j);
    trace_print(&server, names, nowhere);
    free(token_of(&server, j.id));
    bag_print(j.bag, nowhere, 1);
    bag_free(j.bag);
    return 0;
}
