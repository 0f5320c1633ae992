#!/usr/bin/env bats
# The detectors for event loops, order and stall, on one program with a loop
# for each test (tests/programs/loop/loops.c), in virtual time.
# shellcheck disable=SC2016,SC2153 # jq filters; STATUS is set by answer

load helper
load detect

setup() {
    UNIT=$BATS_FILE_TMPDIR/a\ unit
    [[ -d $UNIT ]] ||
        unit_stage "$UNIT" gcc "$ROOT/tests/programs/loop/loops.c"
    printf '3\n' >"$BATS_TEST_TMPDIR/right"
}

# asks DETECTOR LOOP [OPTION...]: its answer, for a loop that prints 3.
asks() {
    local detector=$1 loop=$2
    shift 2
    answer "$detector" --expect-output "$BATS_TEST_TMPDIR/right" "$@" -- "$loop"
}

# basis TEXT: what the last answer rests on has it.
basis() {
    jq -es --arg text "$1" 'any(.[]; .type == "summary"
        and (.basis | contains($text)))' "$LINES_FILE" >/dev/null ||
        fail_with "no basis '$1'" "$(cat "$LINES_FILE")"
}

# says FILTER [TEXT]: some line passes the filter, where $text is TEXT.
says() {
    jq -es --arg text "${2:-}" "any(.[]; $1)" "$LINES_FILE" >/dev/null ||
        fail_with "no line for: $1" "$(cat "$LINES_FILE" "$LINES_FILE.err")"
}

@test "three events at once come in 6 orders one by one and 6 together" {
    asks order plain
    ((STATUS == 0))
    basis 'right in all 12 orders'
}

@test "a loop that takes one event a wait has the 6 orders only" {
    asks order one
    basis 'right in all 6 orders'
}

@test "events at different times have one order" {
    asks order apart
    basis 'no two events were ready at once'
}

@test "output by who comes first is wrong in some order, right in the usual" {
    printf '0 1 2 3\n' >"$BATS_TEST_TMPDIR/right"
    asks order first-come
    ((STATUS == 1))
    [[ $(errors) == wrong-output ]]
    says '.kind == "wrong-output" and any(.threads[]; .op == "handles early"
        and .function == "on_timer" and (.object | test("timers\\[")))'
    asks order first-come --seed 3
    says '.kind == "wrong-output"'
}

@test "without the right output an order that matters is a note" {
    answer order -- first-come
    ((STATUS == 0))
    says '.kind == "nondeterminism" and .severity == "note"'
}

@test "the answer is the same every time, to the byte" {
    printf '0 1 2 3\n' >"$BATS_TEST_TMPDIR/right"
    asks order first-come
    cp "$LINES_FILE" "$BATS_TEST_TMPDIR/first"
    asks order first-come
    cmp "$LINES_FILE" "$BATS_TEST_TMPDIR/first"
}

@test "an event for a descriptor that is closed comes only when handed over together" {
    asks order closes
    ((STATUS == 1))
    says '.kind == "wrong-output" and (.got | startswith("stale"))'
    asks order closes-checked
    ((STATUS == 0))
    basis 'right in all 9 orders'
}

@test "an event told once is not lost where another comes first" {
    asks order edge
    ((STATUS == 0))
    basis 'right in all 12 orders'
}

@test "poll and select have orders, too" {
    asks order by-poll
    basis 'right in all'
    asks order by-select
    basis 'right in all'
}

@test "a loop that waits for what never comes is a hang" {
    asks order stuck
    ((STATUS == 1))
    [[ $(errors) == hang ]]
}

# kept LOOP CALL: on_timer keeps the loop for 7 ms there.
kept() {
    asks stall "$1"
    ((STATUS == 1))
    [[ $(errors) == stall ]]
    says '.kind == "stall" and (.message
        | contains("on_timer() keeps the event loop for 7")
          and contains($text) and contains("2 other events were ready"))' "$2"
}

@test "a handler that sleeps keeps the loop, and is named with the time" {
    kept nap usleep
    says '.kind == "stall" and .threads[0].function == "keep_the_loop"'
    basis '26 ms'
}

@test "a handler that reads a timer, or polls, keeps the loop as well" {
    kept read read
    kept poll-in-handler poll
}

@test "a handler that asks for the time again and again keeps the loop" {
    kept spin 'again and again'
}

@test "a task that goes back to the loop in its middle keeps nobody" {
    asks stall state
    ((STATUS == 0))
    basis '12 ms'
    asks order state
    ((STATUS == 0))
}

@test "a program of several threads gets no answer" {
    asks order thread
    ((STATUS == 4))
    says '.type == "summary" and (.reason | contains("thread"))'
    asks stall thread
    ((STATUS == 4))
}

@test "a program without an event loop is clean without a run" {
    local detector
    unit_of "$ROOT/tools/probes/race.c" gcc
    for detector in order stall; do
        answer "$detector" --
        ((STATUS == 0))
        says '.runs == 0 and (.basis | contains("no event loop"))'
        [[ ! -e $UNIT/bin/loop ]]
    done
}

@test "a program that does not build is broken, with the compiler's word" {
    printf 'int main(void) { return poll(; }\n' >"$BATS_TEST_TMPDIR/bad.c"
    unit_of "$BATS_TEST_TMPDIR/bad.c" gcc
    answer order --
    ((STATUS == 3))
    says '.status == "broken" and (.reason | contains("error"))'
}
