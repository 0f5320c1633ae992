#!/usr/bin/env bats
# What libc does to memory: each function of the table beside an access of
# another thread, hidden state, and names that are in no row.

load helper
bats_load_library bats-support
bats_load_library bats-assert

# build_explore COMPILER SOURCE OUT [FLAG...]: as the explorer's units are.
build_explore() {
    local cc=$1 source=$2 out=$3 lib=$ROOT/build/lib
    local -a extra=()

    shift 3
    [[ $cc != clang ]] || extra=(-mllvm -tsan-instrument-read-before-write=1)
    "$cc" -std=gnu11 -pthread -g -gdwarf-4 -fsanitize=thread -O0 -w \
        -fno-builtin -U_FORTIFY_SOURCE "${extra[@]}" -c -o "$out.o" "$source"
    "$cc" -pthread -o "$out" "$out.o" "@$lib/explore.wraps" \
        "$lib/libexplore.a" "$@" -lm
}

setup_file() {
    make -s -C "$ROOT" tools >/dev/null
    export CASES=$BATS_FILE_TMPDIR/cases
    printf 'hello\nanother\n' >"$CASES.in"
    gcc -std=gnu11 -pthread -w -o "$CASES.names" \
        "$ROOT/tests/unit/libc/cases.c" -lm
    for cc in gcc clang; do
        build_explore "$cc" "$ROOT/tests/unit/libc/cases.c" "$CASES.$cc"
    done
}

# explore COMPILER CASE MODE: the findings of one schedule, as lines.
explore() {
    limited "$ROOT/build/bin/rl-explore" "$CASES.$1" --strategy order \
        --stdin "$CASES.in" --format lines -- "$2" "$3" || [[ $? == 1 ]]
}

# all COMPILER GROUP MODE KIND [N]: every case of the group, or every Nth, says
# KIND and no more.
all() {
    local cc=$1 group=$2 mode=$3 want=$4 each=${5:-1} name said bad=0 n=0

    while read -r name; do
        n=$((n + 1))
        ((n % each == 0)) || continue
        said=$(explore "$cc" "$name" "$mode" |
            jq -r 'if .type == "finding" and .severity == "error"
                then .kind elif .type == "summary" and
                (.status | IN("found", "clean") | not) then .status
                else empty end' | sort -u | paste -sd,)
        [[ $said == "$want" ]] && continue
        echo "$name $mode with $cc: '$said', expected '$want'" >&2
        bad=1
    done < <("$CASES.names" list "$group")
    ((n > 0 && bad == 0))
}

@test "a byte that a call touches, touched by another thread, is a race" {
    all gcc cases racy data-race
}

@test "the same under a lock is none" {
    all gcc cases locked '' 5
}

@test "the first byte that a call does not touch is none" {
    all gcc cases beside ''
}

@test "the wrappers serve programs of clang too" {
    all clang cases racy data-race 4
}

@test "two threads in one function with hidden state are a race" {
    all gcc states racy data-race
}

@test "under a lock, hidden state is no race" {
    all gcc states locked ''
}

@test "two threads that only read are no race" {
    all gcc quiet racy ''
}

@test "a race on hidden state is told by its name, with what to use instead" {
    run explore gcc rand racy
    assert_output --partial 'the hidden state of rand() and random()'
    assert_output --partial 'use rand_r()'
    run explore gcc strtok racy
    assert_output --partial 'use strtok_r()'
}

symbols() {
    "$ROOT/build/bin/rl-symbols" "$@"
}

@test "a program of known names has no unknown one" {
    for cc in gcc clang; do
        run symbols "$CASES.$cc"
        assert_success
        refute_output
    done
}

@test "a name in no row is unsupported by name" {
    local dir=$BATS_TEST_TMPDIR/'with space'

    mkdir "$dir"
    printf '%s\n' '#include <crypt.h>' '#include <fmtmsg.h>' \
        'int main(void) { return fmtmsg(0, "a:b", 0, "", "", ""); }' \
        >"$dir/own.c"
    sed -i 1d "$dir/own.c"
    for cc in gcc clang; do
        build_explore "$cc" "$dir/own.c" "$dir/own"
        run symbols "$dir/own"
        assert_failure 4
        assert_output 'fmtmsg is not modelled'
    done
}

@test "a program with an unknown name has no verdict" {
    local dir=$BATS_TEST_TMPDIR

    printf '%s\n' '#include <fmtmsg.h>' \
        'int main(void) { return fmtmsg(0, "a:b", 0, "", "", "") > 9; }' \
        >"$dir/own.c"
    build_explore gcc "$dir/own.c" "$dir/own"
    run limited "$ROOT/build/bin/rl-explore" "$dir/own" --strategy order \
        --format lines
    assert_failure 4
    assert_output --partial 'unsupported: fmtmsg is not modelled'
}

# A naive prover calls the first right: nobody sees what strcpy writes.
@test "a race through strcpy ends a proof, one under a lock does not" {
    for cc in gcc clang; do
        run limited "$ROOT/build/bin/rl-explore" "$CASES.$cc" --prove \
            --format lines -- strcpy_to racy
        assert_failure 1
        assert_output --partial data-race
        run limited "$ROOT/build/bin/rl-explore" "$CASES.$cc" --prove \
            --format lines -- strlen_both racy
        refute_output --partial data-race
    done
    run limited "$ROOT/build/bin/rl-explore" "$CASES.gcc" --prove \
        --format lines -- strcpy_to locked
    assert_success
}

@test "a library that calls threads by itself is unsupported by name" {
    local dir=$BATS_TEST_TMPDIR

    printf '%s\n' '#include <pthread.h>' 'int quiet(void) { return 1; }' \
        'int f(pthread_mutex_t *m) { return pthread_mutex_lock(m); }' \
        >"$dir/lib.c"
    gcc -shared -fPIC -o "$dir/libown.so" "$dir/lib.c"
    printf '%s\n' 'int quiet(void);' 'int main(void) { return quiet(); }' \
        >"$dir/own.c"
    build_explore gcc "$dir/own.c" "$dir/own" "-L$dir" -lown \
        "-Wl,-rpath,$dir"
    run symbols "$dir/own"
    assert_failure 4
    assert_line 'quiet is not modelled'
    assert_line --regexp '^libown.so .*pthread_mutex_lock'
}

@test "rl-symbols refuses what is no program" {
    run symbols
    assert_failure 2
    run symbols "$ROOT/Makefile"
    assert_failure 70
    assert_output --partial 'not an ELF program'
    run symbols /nonexistent
    assert_failure 70
}

# Else a name of the runtime's own could hide that the program uses it.
@test "what the runtime itself calls is wrapped or harmless" {
    local dir=$BATS_TEST_TMPDIR

    echo 'int main(void) { return 0; }' >"$dir/own.c"
    gcc -pthread -c -o "$dir/own.o" "$dir/own.c"
    gcc -pthread -o "$dir/own" "$dir/own.o" "@$ROOT/build/lib/explore.wraps" \
        -Wl,--whole-archive "$ROOT/build/lib/libexplore.a" \
        -Wl,--no-whole-archive -lm
    run symbols "$dir/own"
    assert_success
    refute_output
}

@test "no name is both wrapped and in the table of harmless ones" {
    local dir=$BATS_TEST_TMPDIR

    sed 's/.*=//' "$ROOT/build/lib/explore.wraps" >"$dir/names"
    cat >"$dir/ask.c" <<'ASK'
#include "libc_table.h"
#include <stdio.h>
#include <string.h>
int main(void)
{
    char name[100];
    while (scanf("%99s", name) == 1)
        if (libc_harmless(name))
            puts(name);
    return 0;
}
ASK
    gcc -I"$ROOT/tools/explore/rt" -o "$dir/ask" "$dir/ask.c" \
        "$ROOT/build/lib/libunknown.a" -ldw -lelf
    run "$dir/ask" <"$dir/names"
    assert_success
    refute_output
    echo sin >"$dir/names"
    run "$dir/ask" <"$dir/names"
    assert_output sin
}

@test "a call that a run cannot contain ends it by its name" {
    local dir=$BATS_TEST_TMPDIR

    printf '%s\n' '#include <unistd.h>' 'int main(int argc, char **argv) {' \
        'int fd[2]; (void)argv; return argc > 1 ? pipe(fd) : 0; }' \
        >"$dir/own.c"
    build_explore gcc "$dir/own.c" "$dir/own"
    run symbols "$dir/own"
    assert_success
    run limited "$ROOT/build/bin/rl-explore" "$dir/own" --strategy order \
        --format lines
    assert_success
    run limited "$ROOT/build/bin/rl-explore" "$dir/own" --strategy order \
        --format lines -- x
    assert_failure 4
    assert_output --partial pipe
}
