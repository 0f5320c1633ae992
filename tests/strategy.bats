#!/usr/bin/env bats
# The strategies, on the model of small programs: PCT's odds as in its paper,
# delay bounding as in its own, and that each finds what it must.

load helper

setup_file() {
    export STRATEGY=$BATS_FILE_TMPDIR
    "${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -Werror -o "$STRATEGY/odds" \
        "$ROOT"/tests/unit/strategy/odds.c \
        "$ROOT"/tools/explore/{strategy,model,search}/*.c
    "$STRATEGY/odds" >"$STRATEGY/said" || true
}

# all PATTERN LEAST: at least so many lines are about it, and all are ok.
all() {
    (($(grep -Ec "^(not )?ok $1" "$STRATEGY/said") >= $2))
    ! grep -E "^not ok $1" "$STRATEGY/said"
}

@test "PCT finds a bug of depth d as often as its paper says" {
    all 'pct, depth (1 with 1|2 with 2|3 with 3):' 9
}

@test "PCT with less than the depth of a bug never finds it" {
    all 'pct, depth (2 with 1|3 with [12]):' 9
}

@test "delay bounding skips no more turns than it was given" {
    all delays 6
    all schedules 6
}

@test "delay bounding finds what so many delays reach, and nothing else" {
    all delaybound 6
}

@test "sticky random, POS and random delays find a bug of depth 2 or 3" {
    all '(random|pos|delay), ' 3
}
