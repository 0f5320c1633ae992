#!/usr/bin/env bats
# The stated rules that decide when tools disagree (tools/lib/judge.jq): each
# with the correct program that a tool dislikes, and its twin with the bug.

bats_require_minimum_version 1.5.0
load helper
load detect

source "$ROOT/tools/lib/judge.sh"

# found DETECTOR KIND, silent DETECTOR, none DETECTOR: lines of a detector.
found() {
    jq -nc --arg d "$1" --arg k "$2" '
        {type: "finding", kind: $k, severity: "error", detector: $d,
         message: "It complains.", threads: []},
        {type: "summary", detector: $d, status: "found", runs: 1, basis: "b"}'
}

silent() {
    jq -nc --arg d "$1" '
        {type: "summary", detector: $d, status: "clean", runs: 1, basis: "b"}'
}

none() {
    jq -nc --arg d "$1" '
        {type: "summary", detector: $d, status: "no-answer", runs: 1,
         basis: "b"}'
}

# rules FACTS <LINES: judged lines into LINES_FILE, the verdict into VERDICT.
rules() {
    LINES_FILE=$BATS_TEST_TMPDIR/judged
    jq -c -s --argjson facts "$1" --arg verdict yes \
        -f "$ROOT/tools/lib/judge.jq" >"$LINES_FILE"
    VERDICT=$(sed -n '$s/.*"verdict":"\([a-z]*\)".*/\1/p' "$LINES_FILE")
}

@test "a race that only Helgrind sees in a program without atomics stays" {
    { silent holdone; silent tsan; found helgrind data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail ]]
    says '.severity == "error" and .message == "It complains."'
}

@test "with atomics, pthread_once, pipes or localtime_r TSan and the runtime decide" {
    local fact
    { silent holdone; silent tsan; found helgrind data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    for fact in atomics once pipes reentrant; do
        rules "{\"$fact\": true}" <"$BATS_TEST_TMPDIR/in"
        [[ $VERDICT == pass ]]
        says '.severity == "note" and (.message | contains("Decided by"))
            and (.message | contains("ThreadSanitizer"))'
        says '.detector == "helgrind" and .status == "clean"
            and (.basis | contains("overruled"))'
    done
}

@test "what TSan or the runtime sees, too, is never overruled" {
    { silent holdone; found tsan data-race; found helgrind data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{"atomics": true}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail && $(grep -c '"error"' "$LINES_FILE") == 2 ]]
    { found holdone data-race; silent tsan; found helgrind data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{"atomics": true}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail && $(grep -c '"error"' "$LINES_FILE") == 2 ]]
}

@test "when none of those who know better answered it is unsure" {
    { none holdone; none tsan; found helgrind data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{"atomics": true}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == unsure ]]
    says '.verdict == "unsure" and (.why | contains("gave no answer"))'
}

@test "fences: TSan is not asked, the runtime decides" {
    { silent holdone; found tsan data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{"atomics": true, "fences": true}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == pass ]]
    { none holdone; found tsan data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{"atomics": true, "fences": true}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == unsure ]]
    { found holdone data-race; found tsan data-race; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{"atomics": true, "fences": true}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail ]]
}

@test "other kinds are not touched by the rules for races" {
    { silent holdone; silent tsan; found helgrind bad-unlock; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{"atomics": true, "fences": true, "once": true}' \
        <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail ]]
}

@test "a lock order of Helgrind's counts where TSan and its recorder see one" {
    { silent tsan; found helgrind lock-order; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == pass ]]
    { found tsan deadlock; found helgrind lock-order; } \
        >"$BATS_TEST_TMPDIR/in"
    rules '{}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail && $(grep -c '"error"' "$LINES_FILE") == 2 ]]
}

proved() {
    jq -nc '{type: "summary", detector: "explore", status: "clean", runs: 90,
        basis: "all 90 interleavings of 3 threads x 2 are right"}'
}

@test "a complete proof overrules Helgrind, and says so" {
    local kind
    for kind in data-race lock-order; do
        { silent holdone; silent tsan; proved; found helgrind "$kind"; } \
            >"$BATS_TEST_TMPDIR/in"
        rules '{}' <"$BATS_TEST_TMPDIR/in"
        [[ $VERDICT == pass ]]
        says '.severity == "note" and (.message |
            contains("the explorer") and contains("all 90 interleavings"))'
    done
}

@test "a bounded search overrules nobody, and no proof overrules TSan" {
    { silent holdone; silent tsan; found helgrind data-race
        proved | sed 's/all 90/bounded: all 90/'; } >"$BATS_TEST_TMPDIR/in"
    rules '{}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail ]]
    { silent holdone; found tsan data-race; proved; } >"$BATS_TEST_TMPDIR/in"
    rules '{}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail ]]
    { found holdone data-race; silent tsan; proved
        found helgrind data-race; } >"$BATS_TEST_TMPDIR/in"
    rules '{}' <"$BATS_TEST_TMPDIR/in"
    [[ $VERDICT == fail && $(grep -c '"error"' "$LINES_FILE") == 2 ]]
}

# summed REASON STATUS BASIS: the explorer's summary as the rubric counts it.
summed() {
    jq -nc --arg reason "$1" --arg status "$2" --arg basis "$3" \
        '{type: "summary", status: $status, basis: $basis, reason: $reason}' |
        jq -c -L "$ROOT/tools/lib" 'include "bounded"; bounded'
}

@test "what a search that is no proof counts for: pass, or nobody can decide" {
    local all='clean in 2002 of 2002 runs'
    [[ $(summed 'not a proof: budget: x' clean "$all") == *'"clean"'*bounded* ]]
    [[ $(summed 'not a proof: uninstrumented: x' clean "$all") == *'"clean"'* ]]
    [[ $(summed 'not a proof: weak-memory: x' clean "$all") == *'"no-answer"'* ]]
    [[ $(summed 'step-limit: a run did not end within 9 steps' no-answer \
        'clean in 3 of 4 runs') == *'"clean"'*bounded* ]]
    [[ $(summed 'step-limit: a run did not end within 9 steps' no-answer \
        'clean in 1 of 4 runs') == *'"no-answer"'* ]]
}

@test "lines keep their stage, and what is not judged is passed on as it is" {
    local line='{"type":"finding","kind":"hang","severity":"error","detector":"run","message":"m","threads":[],"stage":"tsan"}'
    rules '{"atomics": true}' <<<"$line"
    [[ $(head -n1 "$LINES_FILE") == "$line" ]]
}

# judged PROGRAM VERDICT [DETECTOR...]: what explore, holdone, tsan and helgrind
# really say of it, judged. Those named must have complained. A program that is
# to pass is shown to all, and to DRD in a soak or if named; one with a bug to
# the runtime and those named, of whom one is enough, and to all in a soak.
judged() {
    local program=$1 verdict=$2 name
    local -a ask=(explore holdone tsan helgrind)
    shift 2
    [[ $verdict == pass || -n ${RL_SOAK:-} ]] || ask=(explore)
    unit_of "$program" gcc
    : >"$BATS_TEST_TMPDIR/all"
    for name in $(printf '%s\n' "${ask[@]}" "$@" | sort -u); do
        answer "$name" --
        cat "$LINES_FILE" >>"$BATS_TEST_TMPDIR/all"
    done
    for name; do
        grep -q "\"type\":\"finding\".*\"detector\":\"$name\"" \
            "$BATS_TEST_TMPDIR/all" ||
            fail_with "$name should have complained of $program"
    done
    rules "$(judge_facts "$UNIT")" <"$BATS_TEST_TMPDIR/all"
    [[ $VERDICT == "$verdict" ]] ||
        fail_with "$program: $VERDICT" "$(cat "$LINES_FILE")"
}

@test "acquire and release: right though Helgrind and DRD complain; relaxed is a bug" {
    judged acqrel-good pass helgrind drd
    judged acqrel-bad fail tsan holdone
}

@test "a spin lock of an atomic_flag: right; an access outside of it is a bug" {
    judged spin-good pass helgrind drd
    judged spin-bad fail tsan holdone
}

@test "fences: right though all three complain; one fence missing is a bug" {
    judged fence-good pass tsan helgrind drd
    judged fence-bad fail tsan holdone
}

@test "a signal after the unlock is a note; a lost one is a bug" {
    judged signal-good pass helgrind drd
    judged signal-bad fail tsan holdone
}

@test "pthread_once: right though Helgrind complains; a flag instead is a bug" {
    judged once-good pass helgrind
    judged once-bad fail tsan holdone
}

@test "a gate over two orders: right though two complain; a gate on one side is a bug" {
    judged gate-good pass tsan helgrind
    judged gate-bad fail tsan holdone
}

@test "a trylock that gives up: right though Helgrind complains; a lock that waits is a bug" {
    judged try-good pass helgrind
    judged try-bad fail helgrind holdone
}

@test "a hand-over by a pipe: right though two complain; too early is a bug" {
    judged pipe-good pass helgrind drd
    judged pipe-bad fail tsan
}

@test "localtime_r: right though two complain; a sum without a lock is a bug" {
    judged localtime-good pass helgrind drd
    judged localtime-bad fail tsan holdone
}

@test "C11 threads: right for all; without the lock a bug for all" {
    judged c11-good pass
    judged c11-bad fail tsan helgrind drd holdone
}
