#!/usr/bin/env bats
# The explorer as a part of the lab: every shipped bug is found, every solution
# proved, and what failed can be seen again.
# usage: bats tests/explore-lab.bats

load helper

# explored LAB SUBMISSION: the explorer's lines, with the lab's own sizes.
explored() {
    limited "$RACELAB" detect explore "$1" --submission "$2" --format lines
}

# The lab, how many interleavings its solution has with the first sizes.
proofs() {
    cat <<'LIST'
11-missing-join 1
12-daemon-cutoff 256
21-unlocked-counter 20
22-check-then-act 6
23-forgotten-unlock 32
24-lock-order 140
31-queue-without-task-done 264
32-lost-wakeup 114
41-pool-ordering 96
LIST
}

@test "every lab is in the list of proofs" {
    diff <(proofs | cut -d' ' -f1) <(cd "$ROOT/labs" && printf '%s\n' [0-9]*)
}

@test "every solution is proved" {
    local lab count basis proved
    while read -r lab count; do
        basis=$(explored "$lab" "$ROOT/solutions" |
            jq -r 'select(.type == "summary") | .basis')
        proved="^(all $count interleavings|the only interleaving)( of .*)? (are|is) right\$"
        [[ $basis =~ $proved ]] ||
            fail_with "$lab: $basis, not $count"
    done < <(proofs)
}

@test "every shipped bug is found, as lab.conf promises" {
    local said=$BATS_TEST_TMPDIR/lines
    while read -r LAB _; do
        explored "$LAB" "$ROOT/tests/submissions/$LAB/shipped.c" >"$said" ||
            (($? == 1))
        as_promised explore "$said" || fail_with "in $LAB"
    done < <(proofs)
}

@test "the same interleaving is drawn again, with the lines of the program" {
    local file=$ROOT/tests/submissions/24-lock-order/shipped.c first token
    run -1 limited "$RACELAB" explore 24 --submission "$file"
    [[ $output == *'A bug: wrong in '*' interleavings'* ]]
    [[ $output == *'pthread_mutex_lock(&to->lock)'*'nobody can go on'* ]]
    [[ $output == *'carry_out) is held up'* ]]
    (($(grep -v tools/racelab <<<"$output" | wc -L) <= 80))
    token=$(grep -o 'x[0-9]*-[^ ]*' <<<"$output" | tail -n1)
    run -1 limited "$RACELAB" replay 24 --submission "$file"
    first=$output
    [[ $first == *"$token"* ]]
    run -1 limited "$RACELAB" replay 24 "$token" --submission "$file"
    [[ $output == "$first" ]]
}

@test "a token for another program is refused with a reason" {
    local file=$ROOT/tests/submissions/24-lock-order/shipped.c
    run -1 limited "$RACELAB" explore 24 --submission "$file" --format lines
    run -4 limited "$RACELAB" replay 24 --submission "$ROOT/solutions" \
        "$(jq -r 'select(.replay) | .replay' <<<"$output" | head -n1)"
    [[ $output == *'the token cannot be followed'* ]]
}

@test "a picture, a diagram and an object" {
    local file=$ROOT/tests/submissions/24-lock-order/shipped.c
    local out=$BATS_TEST_TMPDIR/a\ picture.svg
    run -1 limited "$RACELAB" explore 24 --submission "$file" --format svg \
        --out "$out"
    xmllint --noout "$out"
    run -1 limited "$RACELAB" explore 24 --submission "$file" \
        --format mermaid
    [[ $output == sequenceDiagram* ]]
    run -0 limited "$RACELAB" explore 24 --submission "$ROOT/solutions" \
        --prove --format json
    jq -e '.verdict == "clean" and .complete and .interleavings == 140' \
        <<<"$output"
    run -0 limited "$RACELAB" explore 24 --submission "$ROOT/solutions" \
        --format svg
}

@test "a program of one's own: proved, bounded, not modelled" {
    local programs=$ROOT/tests/programs
    run -0 limited "$RACELAB" explore "$programs/pass/cond.c" --prove
    [[ $output == *'Proved: all '*'takes for granted'*'wait ends by itself'* ]]
    run -4 limited "$RACELAB" explore "$programs/fail/fork.c"
    [[ $output == *'No answer: unsupported: fork'* ]]
}

@test "too many interleavings: many schedules instead, and no proof" {
    run -0 limited "$RACELAB" explore 21 --submission "$ROOT/solutions" -- 4 8
    [[ $output == *'No bug seen in 2002 schedules'*'no proof: budget: '* ]]
}

@test "a retry that unfair schedules never let through is not a bug" {
    LAB=24-lock-order
    explored 24 "$(submission_source \
        "$ROOT/tests/submissions/$LAB/right-trylock-back-off.patch")" \
        >"$BATS_TEST_TMPDIR/lines"
    jq -e 'select(.type == "summary") | .status == "clean" and
        (.basis | test("^bounded: .* did not end$"))' "$BATS_TEST_TMPDIR/lines"
}
