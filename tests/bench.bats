#!/usr/bin/env bats
# racelab bench: the shape of its answer, never a time.

# shellcheck disable=SC2154 # run --separate-stderr sets stderr
bats_require_minimum_version 1.5.0

setup() {
    load helper
    bats_load_library bats-support
    bats_load_library bats-assert
}

bench() {
    run --separate-stderr timeout -k 5 120 "$ROOT/tools/racelab" bench \
        --quick "$@" 3>&-
}

@test "every part measures something, and its ratios are numbers above zero" {
    bench --format json
    assert_success
    run jq -e '
        (keys == ["first", "jobs", "proofs", "schedules", "tools"])
        and (.schedules | map(.ratio, .bare_per_s, .schedules_per_s,
            .handovers, .points) | all(. > 0))
        and (.schedules | map(.name) | contains(["2x10 increments",
            "4x10 increments"]))
        and (.schedules | map(select(.name | startswith("4x10")) | .threads)
            == [4])
        and (.tools | map(.tsan_ratio, .helgrind_ratio) | all(. > 0))
        and (.first | map(.strategy) | unique | length >= 5)
        and (.first | all(.found == 0 or (.ms > 0 and .schedules > 0)))
        and (.first | any(.found == 1))
        and (.proofs | all(.verdict == "clean" and .interleavings > 0
            and .seconds > 0))
        and (.jobs | all(.gain > 0 and .interleavings == 20))' <<<"$output"
    assert_success
}

@test "the tables are at most 80 columns wide" {
    bench --part proofs --part jobs
    assert_success
    assert_output --partial 'increments 2 3'
    run awk 'length > 80' <<<"$output"
    assert_output ''
}

@test "a part or a format that is not there is refused" {
    bench --part speed
    assert_failure 2
    [[ $stderr == *"no part 'speed'"* ]]
    bench --format xml
    assert_failure 2
    [[ $stderr == *"no format 'xml'"* ]]
}

@test "the stopwatch tells a run that failed from one that was quick" {
    make -s -C "$ROOT" tools >&2
    run "$ROOT/build/bin/rl-bench" bare 0 3 7 2
    assert_success
    assert_output --regexp '^[0-9]+\.[0-9]{6}$'
    run "$ROOT/build/bin/rl-bench" exec 2 true
    assert_success
    run "$ROOT/build/bin/rl-bench" exec 2 false
    assert_failure 70
    run "$ROOT/build/bin/rl-bench" bare 0 64 7 2
    assert_failure 70
    run "$ROOT/build/bin/rl-bench" bare 0
    assert_failure 2
}

@test "soak: a class through grade is measured, and the stages add up" {
    [[ -n ${RL_SOAK:-} ]] || skip "takes half a minute of CPU time"
    bench --part grade --format json
    assert_success
    run jq -e '.grade[0] | .students == 1 and .distinct > 0
        and .distinct <= .submissions and .per_s > 0
        and .slowest == .stages[0].name
        and ((.stages | map(.cpu_s) | add) - .cpu_s | fabs < 0.01)' \
        <<<"$output"
    assert_success
}

@test "a class is at least one student" {
    bench --part grade --students none
    assert_failure 2
    assert_equal "$stderr" "racelab: --students takes a number, not 'none'"
}
