#!/usr/bin/env bats
# The detector tsan, rl-tsan that reads its reports, and the C11 shims.
# shellcheck disable=SC2153 # STATUS comes from detect.bash

bats_require_minimum_version 1.5.0
load helper
load detect

# program NAME <SOURCE: a C file of this test's own.
program() {
    cat >"$BATS_TEST_TMPDIR/$1.c"
    printf '%s' "$BATS_TEST_TMPDIR/$1.c"
}

@test "tsan finds an unlocked access with gcc and with clang" {
    tells tsan race-bad data-race gcc clang
    says '.seen == 3 and .of == 3'
}

@test "tsan names the variable, both lines, and the lock that one side holds" {
    unit_of race-bad gcc
    answer tsan --
    says '.variable == "accounts[1].balance"'
    says '.threads | length == 2 and .[0].line == 16 and .[1].line == 24
        and .[0].locks == ["lock"] and .[1].locks == []
        and .[0].role == "careful" and .[1].function == "careless"'
    says '.message | contains("Only line 16 holds a lock")'
}

@test "tsan is silent when both threads take the lock" {
    tells tsan race-good "" clang
}

@test "tsan finds locks taken in opposite orders" {
    tells tsan order-bad "$ORDER"
    says '.threads | map(.object) | unique == ["left", "right"]'
}

@test "tsan is silent about locks taken in one order" {
    tells tsan order-good ""
}

@test "tsan notes opposite orders that cannot meet, and calls them no error" {
    tells tsan order-joined ""
    says '.kind == "lock-order" and .severity == "note"'
    tells tsan gate-good ""
    tells tsan gate-bad "$ORDER"
}

@test "tsan finds memory freed while it is read, as one bug" {
    tells tsan free-bad use-after-free
    says '.kind == "use-after-free" and .seen == 3'
    tells tsan free-good ""
}

@test "tsan finds locks misused, in the thread that did it" {
    tells tsan misuse-bad "bad-destroy bad-unlock"
    says '.variable == "foreign" and .threads[0].id == 1
        and .threads[0].line == 13'
    says '.variable == "doomed" and .threads[0].id == 0'
    tells tsan misuse-good ""
}

@test "tsan explains a run that ends in a standstill" {
    tells tsan deadlock-bad hang clang
    says '.kind == "hang" and (.message | contains("ledger"))'
    tells tsan deadlock-good "" clang
}

@test "tsan takes C11 threads for threads" {
    tells tsan c11-bad data-race
    tells tsan c11-good ""
}

@test "a thread that nobody joined is a note" {
    unit_of "$(program left <<'C'
#include <pthread.h>

static void *work(void *arg)
{
    return arg;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, work, NULL);
    return 0;
}
C
    )" gcc
    answer tsan --runs 1 --
    [[ $STATUS == 0 ]]
    says '.kind == "thread-leak" and .severity == "note"
        and .threads[0].line == 12'
}

@test "exit code, output and crash are the program's own under tsan" {
    unit_of "$(program ends <<'C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    (void)argv;
    puts("seven");
    if (argc == 3) {
        raise(SIGSEGV);
    }
    return argc == 2 ? 3 : 0;
}
C
    )" clang
    printf 'eight\n' >"$BATS_TEST_TMPDIR/right"
    answer tsan --runs 1 -- one
    [[ $(errors) == exit-code ]]
    answer tsan --runs 1 -- one two
    [[ $(errors) == crash ]]
    answer tsan --runs 1 --expect-output "$BATS_TEST_TMPDIR/right" --
    [[ $(errors) == wrong-output ]]
    answer tsan --runs 1 --
    [[ $STATUS == 0 ]]
}

@test "a race whose program also fails is still told" {
    unit_of "$(program both <<'C'
#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t start;
static int shared;

static void *work(void *arg)
{
    pthread_barrier_wait(&start);
    shared++;
    return arg;
}

int main(void)
{
    pthread_t thread;

    pthread_barrier_init(&start, NULL, 2);
    pthread_create(&thread, NULL, work, NULL);
    pthread_barrier_wait(&start);
    shared++;
    pthread_join(thread, NULL);
    abort();
}
C
    )" gcc
    answer tsan --runs 1 --
    [[ $(errors) == "crash data-race" ]]
}

@test "a program that closes every descriptor is no pass" {
    unit_of "$(program closes <<'C'
#include <pthread.h>
#include <unistd.h>

static pthread_barrier_t start;
static int shared;

static void *work(void *arg)
{
    pthread_barrier_wait(&start);
    shared++;
    return arg;
}

int main(void)
{
    pthread_t thread;

    for (int fd = 3; fd < 1024; fd++) {
        close(fd);
    }
    pthread_barrier_init(&start, NULL, 2);
    pthread_create(&thread, NULL, work, NULL);
    pthread_barrier_wait(&start);
    shared++;
    pthread_join(thread, NULL);
    return 0;
}
C
    )" gcc
    answer tsan --runs 1 --
    [[ $STATUS != 0 ]]
}

@test "a program with options of its own for the sanitizer does not build" {
    unit_of "$(program options <<'C'
const char *__tsan_default_options(void)
{
    return "report_bugs=0";
}

int main(void)
{
    return 0;
}
C
    )" gcc
    answer tsan --
    [[ $STATUS == 3 ]]
    says '.reason | contains("does not build")'
}

# Stands for a sanitizer that cannot map its memory unless addresses are
# fixed; with an argument, for one that never can.
unmappable() {
    program unmappable <<'C'
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

static const char words[] =
    "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\n";

static void start(int argc)
{
    if (argc > 1 || !(personality(0xffffffff) & ADDR_NO_RANDOMIZE)) {
        _exit(write(2, words, strlen(words)) > 0 ? 66 : 66);
    }
}
static void (*const first)(int)
    __attribute__((section(".preinit_array"), used)) = start;

int main(void)
{
    return 0;
}
C
}

@test "a sanitizer that cannot map its memory is cured, and it is said" {
    setarch "$(uname -m)" -R true || skip "setarch -R is refused here"
    unit_of "$(unmappable)" gcc
    answer tsan --
    [[ $STATUS == 0 ]]
    says '.type == "summary" and (.reason | contains("setarch -R"))'
}

@test "a program that ends in a constructor is no broken sanitizer" {
    unit_of "$(program early <<'C'
#include <unistd.h>
static __attribute__((constructor)) void early(void) { _exit(70); }
int main(void) { return 0; }
C
    )" gcc
    answer tsan --
    [[ $STATUS == 1 ]]
    [[ $(errors) == exit-code ]]
}

@test "a sanitizer that never starts is broken, and no finding" {
    unit_of "$(unmappable)" gcc
    answer tsan -- never
    [[ $STATUS == 3 ]]
    says '.status == "broken" and (.reason | contains("unexpected memory"))'
    [[ -z $(errors) ]]
}

@test "rl-tsan reads what is whole of a cut or mangled report" {
    unit_of race-bad gcc
    bin=$(unit_bin "$UNIT" tsan)
    raw=$BATS_TEST_TMPDIR/raw
    limited "$ROOT/build/bin/rl-run" --findings "$raw" -- "$bin" >/dev/null
    whole=$("$ROOT/build/bin/rl-tsan" "$bin" <"$raw")
    [[ $(tail -n1 <<<"$whole") == \
        '{"type":"tsan-run","started":true,"ended":true,"unread":0}' ]]
    head -c -40 "$raw" >"$raw.cut"
    sed 's/"mops":\[/"mops":7,"x":[/; s/tsan-end/tsan-\xff/' "$raw" \
        >"$raw.mangled"
    printf 'null\n[]\n{"type":"tsan-report"}\n{"type":7}\n' >>"$raw.mangled"
    : >"$raw.empty"
    for one in cut mangled empty; do
        run -0 "$ROOT/build/bin/rl-tsan" "$bin" <"$raw.$one"
        [[ ${lines[-1]} == *'"ended":false'* ]]
    done
}
