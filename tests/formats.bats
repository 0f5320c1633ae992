# The report formats, from saved reports: one that has everything in it.

load helper

setup() {
    formats=$ROOT/tools/formats
    report=$BATS_TEST_TMPDIR/report.json
    jq -n '{schema: 1, tools: "0", points: 5, max: 16, exit: 1,
        counts: {pass: 1, fail: 1, unsure: 0, broken: 1, skipped: 1},
        results: [
        {lab: "21-counter", title: "A <counter> & \"more\"",
         file: "a \"b\" <c>&\u0001.c", compiler: "gcc", verdict: "fail",
         failed: "tsan", kind: "data-race",
         reason: "tsan: Data race: a # b\nand \u001b[31mred",
         points: 5, max: 8, exit: 1, stages: [
          {name: "build", verdict: "pass", basis: "gcc", points: 5, max: 5},
          {name: "tsan", verdict: "fail", basis: "found in 3 of 3 runs",
           kind: "data-race", reason: "Data race: a # b\nand \u001b[31mred ]]>",
           points: 0, max: 3, findings: [
            {kind: "data-race", severity: "error", detector: "tsan",
             message: "two threads", variable: "total", title: "Data race",
             short: "Two threads.", ask: "Which lock?", missing: "Neither.",
             seen: 3, of: 3, threads: [
              {id: 0, role: "main", op: "write", file: "x.c", line: 7,
               function: "main", locks: [], text: "total = a < b && c;"},
              {id: 1, role: "work", op: "read", file: "x.c", line: 9,
               function: "work", locks: ["m"], text: "return total;"}]}]},
          {name: "plain", verdict: "skipped", basis: "", points: 0, max: 0}]},
        {lab: "22-other", title: "Other", file: "o.c", compiler: "gcc",
         verdict: "pass", failed: null, kind: null, reason: null, points: 8,
         max: 8, exit: 0, stages: [{name: "build", verdict: "pass",
         basis: "gcc", points: 8, max: 8}]},
        {lab: "23-third", title: "Third", file: "", compiler: "gcc",
         verdict: "skipped", failed: null, kind: null,
         reason: "not handed in", points: 0, max: 8, exit: 0, stages: []},
        {lab: "24-fourth", title: "Fourth", file: "f.c", compiler: "gcc",
         verdict: "broken", failed: null, kind: null, reason: "tsan: no memory",
         points: null, max: 8, exit: 3, stages: [{name: "tsan",
         verdict: "broken", basis: "none", reason: "no memory", points: 0,
         max: 8}]}]}' >"$report"
}

@test "the example is as the schema says" {
    python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
        "$report" "$ROOT/tools/results.schema.json"
}

@test "json is the report" {
    run -0 "$formats/json" <"$report"
    diff <(jq -S . "$report") <(jq -S . <<<"$output")
}

@test "junit is XML that counts as it should, control bytes and all" {
    "$formats/junit" <"$report" >"$BATS_TEST_TMPDIR/x.xml"
    xmllint --noout "$BATS_TEST_TMPDIR/x.xml"
    count() { xmllint --xpath "count($1)" "$BATS_TEST_TMPDIR/x.xml"; }
    [[ $(count '//testsuite') == 4 && $(count '//testcase') == 6 ]]
    [[ $(count '//failure') == 1 && $(count '//error') == 1 ]]
    [[ $(count '//skipped') == 2 ]]
    [[ $(xmllint --xpath 'string(/testsuites/@failures)' \
        "$BATS_TEST_TMPDIR/x.xml") == 1 ]]
    [[ $(xmllint --xpath 'string(//failure)' "$BATS_TEST_TMPDIR/x.xml") == \
        *"total = a < b && c;"* ]]
}

@test "tap has a plan, one line a test, and no line that a name broke" {
    run -0 "$formats/tap" <"$report"
    [[ ${lines[0]} == "TAP version 13" && ${lines[1]} == "1..6" ]]
    [[ $(grep -cE '^(not )?ok [0-9]+ - ' <<<"$output") == 6 ]]
    [[ $(grep -c '^not ok ' <<<"$output") == 2 ]]
    [[ $output == *"# SKIP not handed in"* ]]
    ! grep -vE '^(TAP|1\.\.|ok|not ok|  )' <<<"$output"
}

@test "text in full tells who did what on which line, in 80 columns" {
    RL_FULL=1 run -0 "$formats/text" <"$report"
    [[ $output == *"main writes \`total\`"*"x.c:7 in main()"* ]]
    [[ $output == *"7 | total = a < b && c;"* ]]
    [[ $output == *"thread 1 (work) reads \`total\`, holding \`m\`"* ]]
    [[ $output == *"Neither."*"Question: Which lock?"* ]]
    [[ $output == *"FAIL: 5 of 8 points. First failure: tsan (data-race)."* ]]
    for line in "${lines[@]}"; do
        ((${#line} <= 80)) || fail_with "$line"
    done
}

@test "text of many is a line each and a sum" {
    run -0 "$formats/text" <"$report"
    [[ ${lines[0]} == "FAIL     21-counter                  5/8     tsan: data-race" ]]
    [[ ${lines[1]} == "pass     22-other                    8/8" ]]
    [[ $output == *"1 of 4 pass, 5 of 16 points (1 fail, 1 broken, 1 skipped)."* ]]
}

@test "text holds no control bytes of a program" {
    RL_FULL=1 run -0 "$formats/text" <"$report"
    [[ $output != *$'\033'* && $output != *$'\001'* ]]
}

@test "colour says nothing that the words do not say" {
    RL_FULL=1 "$formats/text" <"$report" >"$BATS_TEST_TMPDIR/plain"
    RL_FULL=1 RL_COLOUR=1 "$formats/text" <"$report" |
        sed 's/\x1b\[[0-9]*m//g' >"$BATS_TEST_TMPDIR/bare"
    cmp "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/bare"
}

@test "every format takes an empty report" {
    jq '.results = []' "$report" >"$report.empty"
    for format in "$formats"/*; do
        run -0 "$format" <"$report.empty"
    done
}
