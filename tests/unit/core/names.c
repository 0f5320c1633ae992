/*
 * Asks symbols.c about this program itself and prints the answers, one a
 * line; tests/core.bats compares them, built by both compilers.
 */
#include "../../../tools/core/symbols.h"

#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct account {
    long id;
    pthread_mutex_t lock;
    struct {
        int balance;
        int history[3];
    };
};

static struct account accounts[4];
static _Atomic int ready;
int grid[2][3];

static int first_object(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(uintptr_t *)base = info->dlpi_addr;
    return 1;
}

static void object(struct symbols *s, uintptr_t base, const void *address)
{
    char name[128];
    bool known = symbols_object(s, (uintptr_t)address - base, name, 128);

    printf("%s %s\n", known ? "known" : "unknown", name);
}

__attribute__((noinline)) static uintptr_t here(void)
{
    return (uintptr_t)__builtin_return_address(0);
}

int main(void)
{
    static int hidden[2];
    struct symbols_place place;
    struct symbols *s;
    char error[256];
    uintptr_t base = 0;
    uintptr_t pc;
    uint64_t low, high;

    dl_iterate_phdr(first_object, &base);
    s = symbols_open("/proc/self/exe", error, sizeof error);
    if (!s) {
        puts(error);
        return 1;
    }
    object(s, base, &accounts[1].lock);
    object(s, base, (char *)&accounts[1].lock + 8);
    object(s, base, &accounts[3].balance);
    object(s, base, &accounts[0].history[2]);
    object(s, base, &ready);
    object(s, base, &grid[1][2]);
    object(s, base, &hidden[1]);
    object(s, base, &base);
    pc = here();
    symbols_place(s, pc - 1 - base, &place);
    printf("%s:%d %s\n", symbols_base(place.file), place.line, place.function);
    if (symbols_function(s, "main", &low, &high))
        printf("main %d\n", low < pc - base && pc - base <= high);
    symbols_close(s);
    return grid[0][0] + ready + hidden[0];
}
