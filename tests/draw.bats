#!/usr/bin/env bats
# rl-draw: an interleaving as text, SVG and Mermaid, and bad input.

bats_require_minimum_version 1.5.0
load helper

draw() {
    timeout -k 1 10 "$ROOT/build/bin/rl-draw" "$@"
}

deadlock='{"title": "deadlock: a <b> & c",
 "threads": [{"id": 0, "name": "main"}, {"id": 1, "name": "left"},
             {"id": 2, "name": "right"}, {"id": 3, "name": "idle"}],
 "steps": [
  {"n": 1, "thread": 0, "text": "creates thread 1", "file": "/d/p.c",
   "line": 9, "source": "start(&t[0]);", "switch": null},
  {"n": 2, "thread": 1, "text": "locks a", "file": "/d/p.c", "line": 3,
   "source": "lock(&a);", "switch": "main waits for thread 1 to end",
   "finding": true},
  {"n": 3, "thread": 2, "text": "locks b", "file": "/d/p.c", "line": 4,
   "source": "lock(&b);", "switch": "preempted", "finding": true}],
 "end": {"message": "Nobody can go on.", "waits": [
  {"thread": 1, "object": "b", "line": 5, "holder": 2},
  {"thread": 2, "object": "a", "line": 6, "holder": 1}]}}'

@test "text has a column a thread that takes part, and no other" {
    run -0 draw --width 80 <<<"$deadlock"
    [[ ${lines[1]} == "step | main "*"| 1 left "*"| 2 right" ]]
    [[ $output != *idle* ]]
}

@test "text shows each step's line and why control came there" {
    run -0 draw --width 80 <<<"$deadlock"
    [[ $output == *"3: lock(&a);"* ]]
    [[ $output == *"-> 1 left: main waits for thread 1 to end"* ]]
    [[ $output == *"1 left (line 5) --waits for--> b --held by--> 2 right"* ]]
}

@test "text stays within the width that was asked" {
    local width
    for width in 80 100 132; do
        run -0 draw --width "$width" <<<"$deadlock"
        run -0 awk -v w="$width" 'length > w { print; bad = 1 }
            END { exit bad }' <<<"$output"
    done
}

@test "many threads become a list that names the thread in each row" {
    run -0 bash -c 'jq "{title, steps: [range(9) as \$i |
        {n: \$i, thread: \$i, text: \"step \(\$i)\"}],
        threads: [range(9) as \$i | {id: \$i, name: \"w\"}]}" |
        "$0" --width 80' "$ROOT/build/bin/rl-draw" <<<"$deadlock"
    [[ $output == *"8 w"*"step 8"* ]]
    [[ $output != *"|"* ]]
}

@test "locks held are told where another lock is taken, and at the end" {
    local held
    held=$(jq '.steps[2].op = "mutex-lock"
        | .steps[1].locks = [{object: "c", thread: 2}, {object: "d", thread: 2},
            {object: "x", thread: 1}]
        | .steps[2].locks = [{object: "a", thread: 1}]' <<<"$deadlock")
    run -0 draw --width 100 <<<"$held"
    [[ $output == *'holding c, d'* && $output != *'holding x'* ]]
    [[ $output == *'1 left (line 5) holding a --waits for--> b'* ]]
    run -0 draw --format svg <<<"$held"
    [[ $output == *'holding c, d'*'1 left (line 5) holding a waits for b, held by'* ]]
    run -0 draw --format mermaid <<<"$held"
    [[ $output == *'holding c, d'* ]]
}

@test "a line of the program is shown once where a thread stays in it" {
    local twice
    twice=$(jq '.steps += [.steps[2] | .switch = null | .text = "again"]' \
        <<<"$deadlock")
    run -0 draw --width 100 <<<"$twice"
    [[ $(grep -c 'lock(&b)' <<<"$output") == 1 && $output == *again* ]]
}

@test "a long end does not widen an SVG" {
    local long
    long=$(jq '.end.message = ("word " * 200)' <<<"$deadlock")
    [[ $(draw --format svg <<<"$long" | grep -o 'width="[0-9]*"' | head -n1) == \
        $(draw --format svg <<<"$deadlock" | grep -o 'width="[0-9]*"' |
            head -n1) ]]
}

@test "SVG is well-formed XML with the text escaped" {
    draw --format svg <<<"$deadlock" >"$BATS_TEST_TMPDIR/a.svg"
    run -0 xmllint --noout "$BATS_TEST_TMPDIR/a.svg"
    run -0 xmllint --xpath 'string(//*[local-name()="title"])' \
        "$BATS_TEST_TMPDIR/a.svg"
    [ "$output" = "deadlock: a <b> & c" ]
}

@test "SVG marks the steps of the finding by more than colour" {
    draw --format svg <<<"$deadlock" >"$BATS_TEST_TMPDIR/a.svg"
    run -0 grep -c 'font-weight="bold">!</text>' "$BATS_TEST_TMPDIR/a.svg"
    [ "$output" -eq 2 ]
    run -0 grep -c prefers-color-scheme "$BATS_TEST_TMPDIR/a.svg"
}

@test "Mermaid escapes what it would read as its own syntax" {
    run -0 draw --format mermaid <<<"$deadlock"
    [ "${lines[0]}" = sequenceDiagram ]
    [[ $output == *"lock(#38;a)#59;"* ]]
    [[ $output != *"lock(&a);"* ]]
}

@test "what is not an interleaving is one clear line and exit 2" {
    run -2 --separate-stderr draw <<<'{"threads": []}'
    [ "${#stderr_lines[@]}" -eq 1 ]
    run -2 --separate-stderr draw <<<'nonsense'
    [[ $stderr == "rl-draw: not JSON"* ]]
    run -2 --separate-stderr draw <<<'{"threads":[],"steps":[{"thread":7}]}'
    [[ $stderr == *"thread 7, not listed"* ]]
    run -2 --separate-stderr draw --format gif <<<"$deadlock"
    [[ $stderr == *"no format 'gif'"* ]]
}
