#!/usr/bin/env bats
# .ci/run in a folder of its own, where make prints what a suite could print.

load helper

setup() {
    CI_ROOT="$BATS_TEST_TMPDIR/a folder"
    mkdir -p "$CI_ROOT/.ci" "$CI_ROOT/tools"
    cp "$ROOT/.ci/run" "$CI_ROOT/.ci/run"
    printf '#!/bin/sh\n' >"$CI_ROOT/tools/setup"
    chmod +x "$CI_ROOT/tools/setup"
}

# suite LINT LINE...: what `make lint` does and what `make test` prints; the
# last LINE may be "fails".
suite() {
    local lint=$1 line
    shift
    {
        printf 'lint:\n\t@%s\ntest:\n' "$lint"
        for line; do
            [[ $line == fails ]] && printf '\t@false\n' ||
                printf '\t@echo "%s"\n' "$line"
        done
    } >"$CI_ROOT/Makefile"
}

last_line() {
    [[ ${lines[-1]} == "$1" ]] || fail_with "the last line is: ${lines[-1]}"
}

@test "a suite that passes ends with its count and 0" {
    suite true 1..2 'ok 1 one in 3ms' 'ok 2 two in 4ms'
    run -0 --separate-stderr "$CI_ROOT/.ci/run"
    last_line '2 passed, 0 failed'
}

@test "a test that was skipped is not one that passed" {
    suite true 1..2 'ok 1 one in 3ms' 'ok 2 two in 4ms # skip no clang'
    run -0 --separate-stderr "$CI_ROOT/.ci/run"
    last_line '1 passed, 0 failed'
}

@test "a failure is counted and the exit code says so" {
    suite true 1..2 'ok 1 one' 'not ok 2 two' fails
    run ! --separate-stderr "$CI_ROOT/.ci/run"
    last_line '1 passed, 1 failed'
}

@test "a suite that breaks off has failed, whatever passed before" {
    suite true 1..3 'ok 1 one' 'ok 2 two'
    run ! --separate-stderr "$CI_ROOT/.ci/run"
    last_line '2 passed, 0 failed'
}

@test "no test at all is a failure" {
    suite true ''
    run ! --separate-stderr "$CI_ROOT/.ci/run"
    last_line '0 passed, 0 failed'
}

@test "a lint that fails does not hide the suite, and fails" {
    suite false 1..1 'ok 1 one'
    run ! --separate-stderr "$CI_ROOT/.ci/run"
    last_line '1 passed, 0 failed'
}
