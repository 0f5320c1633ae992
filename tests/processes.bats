#!/usr/bin/env bats
# The detector processes: bugs of programs that fork, each beside its fix.
# The programs take the bug or the fix as an argument.

load helper

setup_file() {
    export PROGRAMS=$ROOT/tests/programs UNITS="$BATS_FILE_TMPDIR/units here"
    make -s -C "$ROOT" tools >&2
    mkdir -p "$UNITS"
    printf '9\n' >"$UNITS/nine"
    printf '9000\n' >"$UNITS/many"
    printf 'done\n' >"$UNITS/done"
}

# detect PROGRAM OPTION...: on a unit of programs/PROGRAM.c, made once.
detect() {
    local unit=$UNITS/${1//\//-}.${CC_USED:-gcc}
    source "$ROOT/tools/lib/unit.sh"
    [[ -d $unit ]] ||
        unit_stage "$unit" "${CC_USED:-gcc}" "$PROGRAMS/$1.c"
    timeout -k 5 60 "$ROOT/tools/detectors/processes" --unit "$unit" \
        "${@:2}" 3>&-
}

memory() {
    detect processes/memory --expect-output "$UNITS/nine" -- "$1"
}

pipes() {
    detect processes/pipes --expect-output "$UNITS/many" -- "$1" 9000
}

waits() {
    detect processes/waits --expect-output "$UNITS/done" -- "$1"
}

# The kinds of the errors, each once.
kinds() {
    jq -r 'select(.type == "finding" and .severity == "error") | .kind' \
        <<<"$output" | sort -u | paste -sd' '
}

message() {
    jq -r 'select(.type == "finding" and .severity == "error") | .message' \
        <<<"$output"
}

found() {
    [[ $(kinds) == "$1" ]] || fail_with "$output"
}

clean() {
    run -0 "$@"
    [[ $output == *'"basis":"right in all '*' schedules"}' &&
        -z $(kinds) ]] || fail_with "$output"
}

@test "a count without a lock is a race, its lines named" {
    run -1 memory none
    found data-race
    [[ $output == *'"line":51,"function":"add"'* ]] || fail_with "$output"
}

@test "a lock in private memory is one for each process, and is no lock" {
    run -1 memory own-lock
    found data-race
    [[ $(message) == *"after fork each process has one of its own"* ]]
}

@test "a mutex that is not made for processes is told, a shared one is right" {
    run -1 memory private-lock
    found api-misuse
    [[ $(message) == *"It needs PTHREAD_PROCESS_SHARED"* ]]
    clean memory shared-lock
}

@test "so is a semaphore" {
    run -1 memory private-sem
    found api-misuse
    clean memory shared-sem
}

@test "an atomic load and an atomic store lose counts, one step does not" {
    run -1 memory load-store
    found wrong-output
    [[ $output == *", for example with "*" held at memory.c:45 (atomic)"* ]]
    clean memory fetch-add
}

@test "to wait for a process orders what it wrote, not to wait does not" {
    run -1 memory early-read
    [[ " $(kinds) " == *" data-race "* ]]
    clean memory each
}

@test "a parent that waits before it reads: who waits for whom is told" {
    run -1 pipes wait-first
    found deadlock
    [[ $(message) == *"waits at pipes.c:30 for the end of child 1."* ]]
    [[ $(message) == *"Child 1 waits at pipes.c:24 to write into the full pipe made at pipes.c:20 (4096 bytes here: how many is the system's choice), whose reading end is still open in the first process."* ]]
    [[ $output == *'"cycle":[0,1]'* ]]
    clean pipes right
}

@test "a writing end left open: the end of the pipe never comes" {
    run -1 pipes open-end
    found hang
    [[ $(message) == *"whose writing end is still open in itself."* ]]
}

@test "one read gives less than was written, and the rest is in the way" {
    run -1 pipes one-read
    found deadlock
}

@test "stdio on a pipe is seen too" {
    clean pipes stdio
}

@test "two locks in two orders stand still, in one they do not" {
    run -1 waits order
    found deadlock
    [[ $(message) == *"for a lock held by child 1."* ]]
    clean waits one-order
}

@test "a lock that a dead process held stands still, a robust one does not" {
    run -1 waits died
    found hang
    [[ $(message) == *"for a lock that child 1 held when it ended."* ]]
    clean waits robust
}

@test "a signal that nobody waits for is lost, with a predicate it is not" {
    run -1 waits no-predicate
    found hang
    clean waits signal
}

@test "a child that aborts while nobody looks is a crash" {
    run -1 waits aborts
    found crash
    [[ $(message) == *"ended by SIGABRT, and nobody looked at its status." ]]
    clean waits nothing
}

@test "processes that fork at the same time are told apart" {
    clean waits family
}

@test "it says the same twice, and the same with clang" {
    local first
    first=$(memory load-store || true)
    [[ $(memory load-store || true) == "$first" ]]
    command -v clang >/dev/null || skip "no clang"
    CC_USED=clang run -1 memory load-store
    found wrong-output
    CC_USED=clang clean memory shared-lock
}

@test "without a second process it says so and does not build" {
    run -0 detect pass/counter --
    [[ $output == *'"basis":"no second process here"}' ]]
    [[ ! -e $UNITS/pass-counter.gcc/bin/processes ]]
}

@test "what is not modelled is no answer, by name" {
    cat >"$BATS_TEST_TMPDIR/threads.c" <<'C'
#include <pthread.h>
#include <unistd.h>
static void *work(void *arg) { return arg; }
int main(void)
{
    pthread_t t;
    if (fork() == 0)
        _exit(0);
    return pthread_create(&t, NULL, work, NULL);
}
C
    run -4 limited "$RACELAB" processes "$BATS_TEST_TMPDIR/threads.c" \
        --format lines
    [[ $output == *"it does not model pthread_create"* ]] || fail_with "$output"
}
