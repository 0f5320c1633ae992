# The report formats, from saved reports: one that has everything in it.

load helper

setup() {
    formats=$ROOT/tools/formats
    report=$BATS_TEST_TMPDIR/report.json
    jq -n '{schema: 1, tools: "0", sandbox: "namespaces", points: 5, max: 16, exit: 1,
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

# as_schema FILE SCHEMA: the dialect is the one that the schema names.
as_schema() {
    python3 -c 'import json, jsonschema, sys
data, schema = [json.load(open(name, encoding="utf-8")) for name in sys.argv[1:]]
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
kind(schema).validate(data)' "$1" "$2"
}

# The same report, written by somebody who means harm: the worst text in every
# string that a program can influence, and bytes that are no UTF-8.
hostile() {
    local worst='\u0000\u0001\u001b[31m\u009b2J\u202e\ufffe<script>alert(1)</script>'
    worst+='<!-- --> ]]> &amp; %0A::error::x\n::set-output name=a::b\r\n'
    worst+='##[add-path]c\n```\n\n# Head\n| a | b |\n|---|---|\n* @everyone '
    worst+='`` ` ``` [x](javascript:y) ![i](https://evil.test/x.png) '
    worst+='https://evil.test www.evil.test <https://evil.test> \\| \\\" # SKIP '
    worst+='1..7\nok 1\nBail out!\n---\n...\nwild\tend, a:b'
    jq --argjson worst "\"$worst\"" '(.results[] | .file, .compiler,
        (.reason | select(.)), (.stages[] | .basis, (.reason | select(.)))) = $worst
        | (.results[].stages[].findings // [])[] |=
            (.message = $worst | .variable = $worst | .missing = $worst
             | .expected = $worst | .got = $worst | .ask = $worst
             | .threads[] |= (.role = $worst | .file = $worst
                | .function = $worst | .locks = [$worst]
                | .object = $worst | .text = $worst))' "$report" |
        sed 's|wild|wi\xff\xc0\x80ld|g' >"$report.hostile"
    grep -q $'wi\xff' "$report.hostile"
}

@test "the example is as the schema says" {
    as_schema "$report" "$ROOT/tools/results.schema.json"
}

@test "json is the report" {
    run -0 "$formats/json" <"$report"
    diff <(jq -S . "$report") <(jq -S . <<<"$output")
}

# xml_ok FILE: by the parser and by the schema.
xml_ok() {
    xmllint --noout --schema "$ROOT/tests/schemas/junit.xsd" "$1" 2>&1
}

@test "junit is as its schema says, and counts as it should" {
    "$formats/junit" <"$report" >"$BATS_TEST_TMPDIR/x.xml"
    xml_ok "$BATS_TEST_TMPDIR/x.xml"
    count() { xmllint --xpath "count($1)" "$BATS_TEST_TMPDIR/x.xml"; }
    [[ $(count '//testsuite') == 4 && $(count '//testcase') == 6 ]]
    [[ $(count '//failure') == 1 && $(count '//error') == 1 ]]
    [[ $(count '//skipped') == 2 ]]
    [[ $(xmllint --xpath 'string(/testsuites/@failures)' \
        "$BATS_TEST_TMPDIR/x.xml") == 1 ]]
    [[ $(xmllint --xpath 'string(//failure)' "$BATS_TEST_TMPDIR/x.xml") == \
        *"total = a < b && c;"* ]]
}

@test "the schema of junit refuses what is wrong" {
    "$formats/junit" <"$report" | sed '0,/<testcase/s// <case/' \
        >"$BATS_TEST_TMPDIR/x.xml"
    run -0 xmllint --noout "$BATS_TEST_TMPDIR/x.xml" || true
    run ! xml_ok "$BATS_TEST_TMPDIR/x.xml"
}

@test "junit of hostile text is as its schema says" {
    hostile
    "$formats/junit" <"$report.hostile" >"$BATS_TEST_TMPDIR/x.xml"
    xml_ok "$BATS_TEST_TMPDIR/x.xml"
    [[ $(xmllint --xpath 'count(//*[not(self::testsuites or self::testsuite or
        self::properties or self::property or self::testcase or self::failure
        or self::error or self::skipped)])' "$BATS_TEST_TMPDIR/x.xml") == 0 ]]
    [[ $(xmllint --xpath 'string(//failure/@message)' \
        "$BATS_TEST_TMPDIR/x.xml") == *"<script>alert(1)</script>"*"]]>"* ]]
}

# What prove of this distribution makes of it: it knows version 13, of which
# 14 is an extension, and says so of a later one.
tap_results() {
    local file
    file=$(mktemp --suffix=.tap "$BATS_TEST_TMPDIR/XXXXXX")
    sed '1s/14$/13/' >"$file"
    perl -MTAP::Parser -e 'my $p = TAP::Parser->new({source => $ARGV[0]});
        while (my $r = $p->next) {
            printf "%s%s%s\n", $r->is_ok ? "ok" : "not ok",
                $r->has_skip ? " skip" : "", $r->has_todo ? " todo" : ""
                if $r->is_test;
        }
        print "problem: $_\n" for $p->parse_errors;' "$file"
}

# The subtest of one lab, as a stream of its own.
tap_subtest() {
    echo 'TAP version 13'
    awk -v name="# Subtest: $1" '/^# Subtest/ { on = $0 == name; next }
        /^    / { if (on) print substr($0, 5) }'
}

@test "tap 14: a subtest a lab, as a TAP parser reads it" {
    "$formats/tap" <"$report" >"$BATS_TEST_TMPDIR/all.tap"
    [[ $(head -n1 "$BATS_TEST_TMPDIR/all.tap") == "TAP version 14" ]]
    diff <(printf '%s\n' 'not ok' ok 'ok skip' 'not ok') \
        <(tap_results <"$BATS_TEST_TMPDIR/all.tap")
    diff <(printf '%s\n' ok 'not ok' 'ok skip') <(tap_subtest 21-counter \
        <"$BATS_TEST_TMPDIR/all.tap" | tap_results)
    [[ $(cat "$BATS_TEST_TMPDIR/all.tap") == *"# SKIP not handed in"* ]]
}

@test "prove takes tap, and its verdict is ours" {
    jq '.results |= map(select(.verdict == "pass"))' "$report" |
        "$formats/tap" | sed '1s/14$/13/' >"$BATS_TEST_TMPDIR/right.tap"
    run -0 prove -e cat "$BATS_TEST_TMPDIR/right.tap"
    "$formats/tap" <"$report" | sed '1s/14$/13/' >"$BATS_TEST_TMPDIR/wrong.tap"
    run -1 prove -e cat "$BATS_TEST_TMPDIR/wrong.tap"
    [[ $output == *"Failed tests:  1, 4"* ]]
}

# The diagnosis of the failure inside a subtest, as a YAML reader sees it.
@test "the diagnosis of tap is YAML, of hostile text too" {
    hostile
    for file in "$report" "$report.hostile"; do
        "$formats/tap" <"$file" | tap_subtest 21-counter \
            >"$BATS_TEST_TMPDIR/x.tap"
        run -0 perl -MTAP::Parser -e 'my $p = TAP::Parser->new({source => $ARGV[0]});
            while (my $r = $p->next) {
                next if !$r->is_yaml;
                my $d = $r->data;
                print "$d->{verdict} $d->{kind} ",
                    scalar @{$d->{findings}[0]{threads}}, "\n";
            }' "$BATS_TEST_TMPDIR/x.tap"
        [[ $output == "fail data-race 2" ]]
    done
}

@test "tap of hostile text has the same tests and no line of its own" {
    hostile
    "$formats/tap" <"$report.hostile" >"$BATS_TEST_TMPDIR/all.tap"
    diff <(tap_results <"$BATS_TEST_TMPDIR/all.tap") \
        <("$formats/tap" <"$report" | tap_results)
    diff <(sed 's/ # SKIP.*//' "$BATS_TEST_TMPDIR/all.tap" |
        grep -cE '^ *(not )?ok ') <("$formats/tap" <"$report" |
        grep -cE '^ *(not )?ok ')
    [[ -z $(grep -vE '^(    )?(TAP|1\.\.|ok [0-9]|not ok [0-9]|# Subtest: |# sandbox: |  )' \
        "$BATS_TEST_TMPDIR/all.tap") ]]
}

@test "sarif is as the schema of the standard says, with hostile text too" {
    hostile
    for file in "$report" "$report.hostile"; do
        "$formats/sarif" <"$file" >"$BATS_TEST_TMPDIR/x.sarif"
        as_schema "$BATS_TEST_TMPDIR/x.sarif" \
            "$ROOT/tests/schemas/sarif-2.1.0.schema.json"
    done
}

@test "the schema of sarif refuses what is wrong" {
    "$formats/sarif" <"$report" |
        jq '.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0' \
            >"$BATS_TEST_TMPDIR/x.sarif"
    run ! as_schema "$BATS_TEST_TMPDIR/x.sarif" \
        "$ROOT/tests/schemas/sarif-2.1.0.schema.json"
}

@test "sarif has a thread flow for each thread of a race, and its rule" {
    "$formats/sarif" <"$report" >"$BATS_TEST_TMPDIR/x.sarif"
    diff - <(jq -r '.runs[0] | .tool.driver.rules as $rules | .results[]
        | "\(.ruleId) \($rules[.ruleIndex].id) \(.level)",
          (.codeFlows[].threadFlows[] | "\(.id): \(.locations[].location
            | .physicalLocation | "\(.artifactLocation.uri):\(.region.startLine)")"
          )' "$BATS_TEST_TMPDIR/x.sarif") <<'END'
data-race data-race error
main: x.c:7
thread 1 (work): x.c:9
END
    [[ $(jq -r '.runs[0].invocations[0].executionSuccessful' \
        "$BATS_TEST_TMPDIR/x.sarif") == false ]]
}

@test "sarif names files as they are found from where check ran" {
    uri() {
        jq --arg file "$1" '.results[0].file = $file' "$report" |
            "$formats/sarif" |
            jq -r '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri'
    }
    [[ $(uri labs/21-a/hits.c) == labs/21-a/x.c ]]
    [[ $(uri 'my files/%41.c') == my%20files/x.c ]]
    [[ $(uri /etc/cron.d/a.c) == x.c && $(uri ../../a.c) == x.c ]]
}

@test "the fingerprint of sarif outlives a moved line, and tells two apart" {
    prints() {
        "$formats/sarif" | jq -c '[.runs[0].results[].partialFingerprints]'
    }
    moved=$(jq '.results[0].stages[1].findings[0].threads[].line += 40' \
        "$report" | prints)
    [[ $(prints <"$report") == "$moved" ]]
    other=$(jq '.results[0].stages[1].findings[0].variable = "other"' \
        "$report" | prints)
    [[ $other != "$moved" ]]
    twice=$(jq '.results[0].stages[1].findings |= . + .' "$report" | prints)
    [[ $(jq 'unique | length' <<<"$twice") == 2 ]]
}

@test "sarif tells of a program that does not build" {
    jq '.results |= [.[0] | .failed = "build" | .stages = [{name: "build",
        verdict: "fail", basis: "", reason: "a.c:3: expected ;"}]]' "$report" |
        "$formats/sarif" >"$BATS_TEST_TMPDIR/x.sarif"
    as_schema "$BATS_TEST_TMPDIR/x.sarif" \
        "$ROOT/tests/schemas/sarif-2.1.0.schema.json"
    [[ $(jq -r '.runs[0] | .results[0].message.text, .results[0].ruleIndex as
        $i | .tool.driver.rules[$i].id' "$BATS_TEST_TMPDIR/x.sarif") == \
        *"expected ;"*stage-build ]] || fail_with "$(cat "$BATS_TEST_TMPDIR/x.sarif")"
}

@test "gradescope is as its specification says, with hostile text too" {
    hostile
    for file in "$report" "$report.hostile"; do
        "$formats/gradescope" <"$file" >"$BATS_TEST_TMPDIR/results.json"
        as_schema "$BATS_TEST_TMPDIR/results.json" \
            "$ROOT/tests/schemas/gradescope.schema.json"
    done
    # Nothing of it is HTML or Markdown to Gradescope.
    [[ $(jq -r '[.. | .output_format?, .name_format? | strings] | unique[]' \
        "$BATS_TEST_TMPDIR/results.json") == text ]]
    [[ $(jq -c '[.score, (.tests | length), ([.tests[] | .score // 0] | add)]' \
        "$BATS_TEST_TMPDIR/results.json") == "[5,6,13]" ]]
    [[ $(jq -r '.tests[5] | has("score"), .output' \
        "$BATS_TEST_TMPDIR/results.json") == false*"says nothing of your program"* ]]
}

@test "autolab ends with the scores, none for what could not be judged" {
    hostile
    for file in "$report" "$report.hostile"; do
        "$formats/autolab" <"$file" | tail -n1 >"$BATS_TEST_TMPDIR/last"
        as_schema "$BATS_TEST_TMPDIR/last" \
            "$ROOT/tests/schemas/autolab.schema.json"
        [[ $(jq -c .scores "$BATS_TEST_TMPDIR/last") == \
            '{"21-counter":5,"22-other":8,"23-third":0}' ]]
        # Autolab itself puts quotes round a word before a colon.
        [[ $(sed -E 's/([a-zA-Z0-9]+):/"\1":/g' "$BATS_TEST_TMPDIR/last" |
            jq -c .) == "$(cat "$BATS_TEST_TMPDIR/last")" ]]
    done
}

# What GitHub's runner would carry out in a log: a line that begins with `::`
# and a known word, or has `##[` in it, unless commands are stopped.
commands() {
    awk '{ line = $0; sub(/^[ \t\r]+/, "", line) }
        stopped != "" { if (line == "::" stopped "::") stopped = ""; next }
        line ~ /^::stop-commands::/ {
            stopped = substr(line, 18); print "stop"; next }
        line ~ /^::[a-z-]+[ :]/ { print line; next }
        index(line, "##[") { print line }
        END { if (stopped != "") print "never resumed" }'
}

@test "github: an annotation a finding, at its place, then the text" {
    "$formats/github" <"$report" >"$BATS_TEST_TMPDIR/log"
    run -0 commands <"$BATS_TEST_TMPDIR/log"
    [[ ${#lines[@]} == 4 && ${lines[3]} == stop ]]
    [[ ${lines[0]} == "::error file=x.c,line=7,title=21-counter%3A Data race::Data race ("* ]]
    [[ ${lines[1]} == "::warning file=f.c,title=24-fourth%3A tsan::no memory" ]]
    [[ ${lines[2]} == "::notice title=racelab::5 of 16 points, 1 of 4 pass, sandbox: namespaces" ]]
    grep -q '^FAIL: 5 of 8 points' "$BATS_TEST_TMPDIR/log"
}

@test "github: hostile text gives no command more" {
    hostile
    "$formats/github" <"$report.hostile" >"$BATS_TEST_TMPDIR/log"
    run -0 commands <"$BATS_TEST_TMPDIR/log"
    [[ ${#lines[@]} == 4 && ${lines[3]} == stop ]] || fail_with "$output"
    # It is there, and nothing of it ends the properties or the line.
    [[ ${lines[0]} =~ ^::error\ file=[^,:]*,line=7,title=[^,:]*::.*%0A::set-output ]]
    [[ $output != *$'\033'* && $output != *$'\r'* ]]
    grep -q '::set-output' <(sed 1,4d "$BATS_TEST_TMPDIR/log")
}

@test "the word that ends the text in a log is one that its text cannot know" {
    word() { GITHUB_ACTIONS=true "$formats/text" | sed -n 's/^::stop-commands:://p'; }
    first=$(word <"$report")
    [[ ${#first} == 40 && $(word <"$report") == "$first" ]]
    second=$(jq --arg word "::$first::" '.results[0].file = $word' "$report" | word)
    [[ $second != "$first" ]]
    [[ $("$formats/text" <"$report") != *stop-commands* ]]
}

# What the reporter does with the results of its runners.
@test "classroom: as its reporter reads it, and the points are ours" {
    hostile
    for file in "$report" "$report.hostile"; do
        "$formats/classroom" <"$file" >"$BATS_TEST_TMPDIR/result"
        [[ $(wc -l <"$BATS_TEST_TMPDIR/result") == 1 ]]
        base64 -d "$BATS_TEST_TMPDIR/result" >"$BATS_TEST_TMPDIR/x.json"
        as_schema "$BATS_TEST_TMPDIR/x.json" \
            "$ROOT/tests/schemas/classroom.schema.json"
        diff - <(jq -r '"\(.status) \([.tests[].score] | add) of \(.max_score)",
            (.tests[] | "\(.status) \(.name) \(.line_no)")' \
            "$BATS_TEST_TMPDIR/x.json") <<'END'
fail 13 of 16
pass 21-counter build 0
fail 21-counter tsan 7
fail 21-counter plain 0
pass 22-other build 0
fail 23-third check 0
error 24-fourth tsan 0
END
    done
}

# page FILE: the page as a browser would get it, from GitHub's own parser with
# raw HTML let through.
page() {
    cmark-gfm --unsafe -e table -e autolink -e strikethrough "$1"
}

@test "markdown is headings, tables and code to GitHub's parser" {
    "$formats/markdown" <"$report" >"$BATS_TEST_TMPDIR/x.md"
    page "$BATS_TEST_TMPDIR/x.md" >"$BATS_TEST_TMPDIR/x.html"
    count() {
        xmllint --html --xpath "count($1)" "$BATS_TEST_TMPDIR/x.html" 2>/dev/null
    }
    [[ $(count '//h1') == 5 && $(count '//table') == 4 ]]
    [[ $(count '//h2') == 2 && $(count '//h3') == 1 ]]
    [[ $(count '//pre/code[contains(., "total = a < b && c;")]') == 1 ]]
}

@test "markdown of hostile text is the same page: no HTML, link or @name" {
    hostile
    shape() {
        "$formats/markdown" <"$1" >"$1.md"
        page "$1.md" | grep -oE '</?[a-zA-Z][a-z0-9]*' |
            grep -vE '</?(code|p)$'
    }
    # Blocks for expected and got are the only ones that are more.
    diff <(shape "$report") <(shape "$report.hostile") >"$BATS_TEST_TMPDIR/diff" ||
        [[ $(grep -c '^[<>]' "$BATS_TEST_TMPDIR/diff") == 4 &&
            $(grep '^[<>]' "$BATS_TEST_TMPDIR/diff" | sort -u) == \
            $'> </pre\n> <pre' ]] || fail_with "$(cat "$BATS_TEST_TMPDIR/diff")"
    page "$report.hostile.md" >"$BATS_TEST_TMPDIR/x.html"
    [[ $(xmllint --html --xpath 'count(//script | //a | //img | //comment())' \
        "$BATS_TEST_TMPDIR/x.html" 2>/dev/null) == 0 ]]
    # Somebody is called by @name only outside of code.
    [[ $(xmllint --html --xpath 'count(//text()[contains(., "@")]
        [not(ancestor::code)])' "$BATS_TEST_TMPDIR/x.html" 2>/dev/null) == 0 ]]
    grep -q everyone "$BATS_TEST_TMPDIR/x.html"
}

@test "every format says which sandbox was reached, but those without a place" {
    for format in "$formats"/*; do
        [[ ${format##*/} != classroom ]] || continue
        RL_FULL=1 "$format" <"$report" >"$BATS_TEST_TMPDIR/out"
        grep -q namespaces "$BATS_TEST_TMPDIR/out" || fail_with "${format##*/}"
    done
}

@test "no format prints a byte that a terminal obeys" {
    hostile
    for format in "$formats"/*; do
        RL_FULL=1 "$format" <"$report.hostile" >"$BATS_TEST_TMPDIR/out"
        # json keeps what was there, as escapes.
        ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' \
            "$BATS_TEST_TMPDIR/out" || [[ ${format##*/} == json ]] ||
            fail_with "${format##*/}"
        iconv -f utf-8 -t utf-8 "$BATS_TEST_TMPDIR/out" >/dev/null ||
            fail_with "${format##*/} is no UTF-8"
    done
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
