#!/usr/bin/env bats
# racelab choose: every way does every task, and the shape of the answer;
# never a time.

load helper

choose() {
    limited "$RACELAB" choose --quick "$@"
}

@test "each way does each task, on 1 processor and on all" {
    run -0 --separate-stderr choose --format json
    jq -e --argjson all "$(nproc)" '
        (map(.cpus) | unique | index(1) and index([$all, 2] | min))
        and (map(.job) | unique == ["compute", "many", "wait"])
        and all(.[].ways[]; .right and .ms > 0 and .mib > 0)
        and all(.[] | select(.job != "many"); .ways | length == 5)' \
        <<<"$output"
}

@test "a wrong result would be told" {
    printf '%s\t' 1 wait nothing 4 1 2 >"$BATS_TEST_TMPDIR/rounds"
    echo '{"seconds":1,"kib":1024,"right":false}' >>"$BATS_TEST_TMPDIR/rounds"
    run -0 jq -n -R -r -L "$ROOT/tools/lib" -L "$ROOT/tools/grade" \
        --arg format text \
        --argjson all 1 -f "$ROOT/tools/choose/choose.jq" \
        "$BATS_TEST_TMPDIR/rounds"
    [[ $output == *"one after another"*"1000.0"*"1.0"*WRONG* ]]
}

@test "the table fits 80 columns, and ends with what is fastest" {
    run -0 --separate-stderr choose
    (! grep -E '^.{81}' <<<"$output")
    [[ $output == *"The fastest"*"tasks that compute, 1 processor: "* ]]
}

@test "the plot is a picture, the Markdown a table" {
    run -0 --separate-stderr choose --format svg \
        --out "$BATS_TEST_TMPDIR/a plot.svg"
    xmllint --noout "$BATS_TEST_TMPDIR/a plot.svg"
    grep -q '<title>Five ways' "$BATS_TEST_TMPDIR/a plot.svg"
    run -0 --separate-stderr choose --format markdown
    [[ $output == *"|---|---:|---:|---:|"*"| an event loop |"* ]]
}

@test "a wrong word gets one line and 2" {
    run -2 choose --format png
    [[ ${#lines[@]} == 1 && $output == *"text, markdown, svg or json"* ]]
    run -2 "$ROOT/build/bin/rl-choose" 1 magic wait 1 1 1
    run -3 "$ROOT/build/bin/rl-choose" 1000000 pool wait 1 1 1
}
