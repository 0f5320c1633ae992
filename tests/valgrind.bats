#!/usr/bin/env bats
# The detectors helgrind and drd, and rl-vgxml that reads their XML.
# shellcheck disable=SC2153 # STATUS comes from detect.bash

bats_require_minimum_version 1.5.0
load helper
load detect

# read_report NAME [OPTION...]: LINES_FILE gets what rl-vgxml says of it.
read_report() {
    local name=$1
    shift
    LINES_FILE=$BATS_TEST_TMPDIR/lines
    limited "$ROOT/build/bin/rl-vgxml" "$@" \
        "$ROOT/tests/reports/$name.xml" >"$LINES_FILE" 2>"$LINES_FILE.err"
}

@test "a saved race of Helgrind's gives the variable and both sides" {
    read_report helgrind-race
    says '.kind == "data-race" and .variable == "accounts[1].balance"
        and .threads[0] == {id: 1, role: "careful", op: "write",
            file: "race-bad.c", line: 16, function: "careful", object: null,
            locks: []}
        and .threads[1].line == 24 and .threads[1].id == 2'
    says '.type == "vg-run" and .whole and .finished'
}

@test "a saved race of DRD's gives its one side" {
    read_report drd-race
    says '.kind == "data-race" and .detector == "drd"
        and (.threads | length) == 1 and .threads[0].line == 16'
}

@test "a saved lock order gives the lines of both orders" {
    read_report helgrind-lock-order
    says '.kind == "lock-order" and ([.threads[].line] == [20, 10, 11])'
}

@test "a saved race with free is a use after free" {
    read_report helgrind-free
    says '.kind == "use-after-free" and .threads[0].op == "free"
        and .threads[0].line == 27 and .threads[1].line == 15'
}

@test "saved misuses of locks keep their kinds" {
    read_report helgrind-misuse
    [[ $(errors) == "bad-destroy bad-unlock lock-leak" ]]
    says '.kind == "bad-unlock" and .threads[0].line == 13
        and (.message | contains("another thread holds"))'
    read_report drd-misuse
    [[ $(errors) == "api-misuse bad-destroy bad-unlock lock-leak" ]]
}

@test "the saved report of a stopped hang tells where threads wait" {
    read_report helgrind-hang --hang
    says '.kind == "hang" and .threads[0].line == 19'
    says '.kind == "lock-leak"
        and (.message | contains("created in main (deadlock-bad.c:17)"))'
    read_report helgrind-hang
    [[ $(errors) == lock-leak ]]
}

@test "a cut report gives what is whole in it, and says so" {
    read_report helgrind-race-cut
    says '.kind == "data-race" and .threads[1].line == 24'
    says '.type == "vg-run" and (.whole | not) and (.finished | not)'
    [[ $(grep -c '"finding"' "$LINES_FILE") == 1 ]]
}

@test "a report cut anywhere never ends the reader" {
    local size at report=$ROOT/tests/reports/helgrind-misuse.xml
    size=$(wc -c <"$report")
    for ((at = 0; at < size; at += 211)); do
        head -c "$at" "$report" >"$BATS_TEST_TMPDIR/cut.xml"
        "$ROOT/build/bin/rl-vgxml" --hang "$BATS_TEST_TMPDIR/cut.xml" \
            >"$BATS_TEST_TMPDIR/lines"
        [[ $(tail -n1 "$BATS_TEST_TMPDIR/lines" | jq .whole) == false ]]
    done
}

@test "mangled, empty and foreign reports are read as far as they go" {
    read_report helgrind-mangled
    says '.type == "vg-run" and (.whole | not) and .trouble != ""'
    says '.kind == "bad-unlock"'
    read_report empty
    says '.type == "vg-run" and (.whole | not)'
    read_report not-xml --hang
    says '.type == "vg-run" and (.whole | not)'
}

@test "bytes that are no UTF-8 and no XML do not stop the reader" {
    read_report helgrind-latin1
    says '.type == "vg-run" and .whole'
    says '.threads[0].line == 16 and (.threads[0].file | startswith("r"))'
}

@test "rl-vgxml tells wrong use from an unreadable file" {
    run -2 "$ROOT/build/bin/rl-vgxml"
    run -70 "$ROOT/build/bin/rl-vgxml" "$BATS_TEST_TMPDIR/none.xml"
}

@test "Helgrind finds an unlocked access, and is silent when it is locked" {
    tells helgrind race-bad data-race gcc clang
    says '.variable == "accounts[1].balance" and (.threads | length) == 2'
    [[ $(grep -c '"finding"' "$LINES_FILE") == 1 ]]
    tells helgrind race-good "" clang
}

@test "DRD finds an unlocked access, and is silent when it is locked" {
    tells drd race-bad data-race gcc clang
    says '.variable == "accounts[1].balance"'
    tells drd race-good "" clang
}

@test "Helgrind finds locks taken in opposite orders, DRD does not" {
    tells helgrind order-bad "$ORDER"
    tells helgrind order-good ""
    tells drd order-bad "(deadlock|hang)?"
}

@test "Helgrind notes opposite orders that cannot meet" {
    local one
    for one in order-joined gate-good; do
        tells helgrind "$one" ""
        says '.kind == "lock-order" and .severity == "note"'
    done
    tells helgrind gate-bad "$ORDER"
}

@test "Helgrind finds memory freed while it is read" {
    tells helgrind free-bad use-after-free
    tells helgrind free-good ""
}

@test "Helgrind and DRD find locks misused, by name" {
    tells helgrind misuse-bad "bad-destroy bad-unlock lock-leak"
    says '.variable == "foreign" and .threads[0].line == 13'
    tells helgrind misuse-good ""
    tells drd misuse-bad "api-misuse bad-destroy bad-unlock lock-leak"
    says '.variable == "doomed"'
    tells drd misuse-good ""
}

@test "a hang under Valgrind is explained from a plain run that hangs" {
    local detector cc
    while read -r detector cc; do
        tells "$detector" deadlock-bad "hang lock-leak" "$cc"
        says '.kind == "hang" and (.message | contains("ledger")
            and contains("Explained from a plain run"))'
        tells "$detector" deadlock-good "" "$cc"
    done < <(printf '%s\n' 'helgrind gcc' 'drd clang')
}

@test "a signal without the lock, which another thread holds, is a note" {
    cat >"$BATS_TEST_TMPDIR/signal.c" <<'C'
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bell = PTHREAD_COND_INITIALIZER;

static void *ring(void *arg)
{
    pthread_cond_signal(&bell);
    return arg;
}

int main(void)
{
    struct timespec past = {1, 0};
    pthread_t t;

    pthread_mutex_lock(&lock);
    pthread_cond_timedwait(&bell, &lock, &past);
    pthread_create(&t, NULL, ring, NULL);
    pthread_join(t, NULL);
    pthread_mutex_unlock(&lock);
    return 0;
}
C
    unit_of "$BATS_TEST_TMPDIR/signal.c" gcc
    answer helgrind --
    [[ $STATUS == 0 ]]
    says '.kind == "api-misuse" and .severity == "note"
        and (.message | contains("signals a condition without"))'
}

@test "DRD does not crash on C11 threads" {
    tells drd c11-good ""
    tells drd c11-bad data-race
}

@test "exit code, output and crash are the program's own under Valgrind" {
    cat >"$BATS_TEST_TMPDIR/ends.c" <<'C'
#include <signal.h>
#include <stdio.h>

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
    printf 'eight\n' >"$BATS_TEST_TMPDIR/right"
    unit_of "$BATS_TEST_TMPDIR/ends.c" gcc
    answer helgrind -- one
    [[ $(errors) == exit-code ]]
    answer helgrind -- one two
    [[ $(errors) == crash ]]
    answer drd --expect-output "$BATS_TEST_TMPDIR/right" --
    [[ $(errors) == wrong-output ]]
}

@test "a program that becomes another one gets no answer" {
    cat >"$BATS_TEST_TMPDIR/away.c" <<'C'
#include <unistd.h>

int main(void)
{
    execl("/bin/true", "true", (char *)0);
    return 1;
}
C
    unit_of "$BATS_TEST_TMPDIR/away.c" gcc
    answer helgrind --
    [[ $STATUS == 4 ]]
}
