# What `check` makes of the answers: stages, points, verdicts, the cache, wrong
# use. The answers are fakes; the detectors have tests of their own.

load helper

setup() {
    fake_root
    fake_tools
    fake_answer holdone 30 clean
    fake_answer tsan 50 clean
    fake_answer helgrind 60 clean
    # What the compiler would say is asked for with `compiled`.
    cp "$FAKE/tools/lib/unit.sh" "$FAKE/unit.sh"
    cat >>"$FAKE/tools/lib/unit.sh" <<'SCRIPT'
unit_make() { printf '#!/bin/true\n' >"$1/bin/$2" && chmod +x "$1/bin/$2"; }
SCRIPT
    cd "$FAKE"
}

# From here on programs are built by the compiler.
compiled() {
    mv unit.sh tools/lib/unit.sh
}

check_json() {
    run --separate-stderr tools/racelab check --format json "$@"
    printf '%s\n' "$output" >report.json
}

stages() {
    jq -r '.results[0].stages | map("\(.name)=\(.verdict)") | join(" ")' \
        report.json
}

value() {
    jq -r "$1" report.json
}

@test "a right submission passes with all its points" {
    compiled
    check_json 21
    [[ $status -eq 0 && $(value .results[0].verdict) == pass ]]
    [[ $(value '.results[0] | "\(.points)/\(.max)"') == 8/8 ]]
    [[ $(stages) == "build=pass honest=pass output=pass concurrent=pass\
 holdone=pass tsan=pass helgrind=pass" ]]
}

@test "the report is as its schema says" {
    fake_answer tsan 50 data-race
    check_json 21
    python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open("report.json")),
                    json.load(open("tools/results.schema.json")))'
}

@test "the first stage that fails is named, what follows is skipped" {
    fake_answer holdone 30 wrong-output
    fake_answer tsan 50 data-race
    check_json 21
    [[ $status -eq 1 ]]
    [[ $(value '.results[0] | "\(.failed) \(.kind)"') == "holdone wrong-output" ]]
    [[ $(stages) == *"concurrent=pass holdone=fail tsan=skipped helgrind=skipped" ]]
    [[ $(value .results[0].points) == 5 ]]
}

@test "points are those of the stages passed, the same with any -j" {
    fake_answer tsan 50 data-race
    for jobs in 1 7; do
        check_json 21 --fresh -j "$jobs"
        [[ $(value .results[0].points) == 5 ]]
        cp report.json "report.$jobs"
    done
    cmp report.1 report.7
}

@test "a detector that does not grade is not asked" {
    fake_answer drd 70 data-race
    sed -i 's/"grades":true/"grades":false/' tools/detectors/drd
    check_json 21
    [[ $status -eq 0 && ! -e asked.drd ]]
}

@test "a note is told and does not fail" {
    fake_answer tsan 50 thread-leak
    sed -i 's/"error"/"note"/; s/"found"/"clean"/' says.tsan
    check_json 21
    [[ $status -eq 0 ]]
    [[ $(value '.results[0].stages[5].findings[0].kind') == thread-leak ]]
}

@test "a broken tool is broken: no points, not even zero, and exit code 3" {
    fake_answer tsan 50 broken
    check_json 21
    [[ $status -eq 3 && $(value .results[0].verdict) == broken ]]
    [[ $(value .results[0].points) == null ]]
}

@test "a detector that dies without a summary is broken" {
    fake_detector tsan 50 true <<<'echo "{\"type\":\"finding\"}"; exit 1'
    check_json 21
    [[ $status -eq 3 && $(value .results[0].verdict) == broken ]]
}

@test "a fail is a fail, though another tool is broken" {
    fake_answer tsan 50 broken
    fake_answer helgrind 60 data-race
    check_json 21
    [[ $status -eq 1 && $(value .results[0].failed) == helgrind ]]
}

@test "what the doctor finds broken ends as broken, with its words" {
    cat >tools/lib/doctor.sh <<'SCRIPT'
doctor_works() {
    [[ $1 != tsan ]] || { echo '{"cause":"no memory","cure":"buy some"}'; return 1; }
}
SCRIPT
    check_json 21
    [[ $status -eq 3 && ! -e asked.tsan ]]
    [[ $(value .results[0].reason) == "tsan: no memory; buy some" ]]
}

@test "no answer is unsure: exit code 4, and no points lost" {
    fake_answer tsan 50 no-answer
    check_json 21
    [[ $status -eq 4 && $(value .results[0].verdict) == unsure ]]
    [[ $(value .results[0].points) == 8 ]]
}

@test "an unchanged file is not judged twice, a changed one is" {
    check_json 21
    check_json 21
    [[ $(wc -l <asked.tsan) == 1 ]]
    echo '// changed' >>labs/21-small-counter/counter.c
    check_json 21
    [[ $(wc -l <asked.tsan) == 2 ]]
}

@test "the answer twice is the same, to the byte" {
    fake_answer tsan 50 data-race
    check_json 21
    cp report.json first.json
    check_json 21
    cmp first.json report.json
}

@test "another lab.conf, another tool or --fresh asks again" {
    check_json 21
    echo '# a comment' >>labs/21-small-counter/lab.conf
    check_json 21
    [[ $(wc -l <asked.tsan) == 2 ]]
    echo '# a comment' >>tools/lib/detect.sh
    check_json 21
    [[ $(wc -l <asked.tsan) == 3 ]]
    check_json 21 --fresh
    [[ $(wc -l <asked.tsan) == 4 ]]
}

@test "what was broken is asked again" {
    fake_answer tsan 50 broken
    check_json 21
    check_json 21
    [[ $(wc -l <asked.tsan) == 2 ]]
}

@test "hidden sizes find output that was learnt by heart" {
    cat >build/bin/rl-explore <<SCRIPT
#!/usr/bin/env bash
if [[ \$* == *--facts* ]]; then echo '{"max_alive": 9}'; exit; fi
while [[ \$1 != --expect-output ]]; do shift; done
if grep -qx 'total 6' "\$2"; then
    cat "$FAKE/output"
else
    $(declare -f finding_line summary_line)
    finding_line wrong-output output
    summary_line output found
fi
SCRIPT
    check_json 21
    [[ $status -eq 1 ]]
    [[ $(value '.results[0] | "\(.failed) \(.kind)"') == "output wrong-output" ]]
    [[ $(value .results[0].reason) == *"With the arguments "* ]]
}

@test "a finding that no run shows is not the output stage's" {
    finding_line data-race output >output
    summary_line output found >>output
    check_json 21
    [[ $status -eq 0 ]]
}

@test "threads that run one after another are no fix" {
    sed -i 's/"max_alive": 9/"max_alive": 2/' build/bin/rl-explore
    check_json 21
    [[ $status -eq 1 ]]
    [[ $(value '.results[0] | "\(.failed) \(.kind)"') == "concurrent serial" ]]
}

@test "what silences a detector fails at the stage honest" {
    finding_line api-misuse honest >honest
    summary_line honest found >>honest
    check_json 21
    [[ $status -eq 1 && $(value .results[0].failed) == honest ]]
}

@test "all labs are judged in their order, the exit code is the worst" {
    compiled
    fake_lab 11-first first.c
    fake_lab 12-second second.c
    echo 'int main(void) { return 0' >labs/12-second/second.c
    fake_answer tsan 50 no-answer
    check_json
    [[ $(value '.results | map(.lab) | join(" ")') == \
        "11-first 12-second 21-small-counter" ]]
    [[ $(value '.results | map(.verdict) | join(" ")') == "unsure fail unsure" ]]
    [[ $status -eq 2 ]]
}

@test "POINTS=file weighs the stages, for all labs or for one" {
    printf '# mine\nPOINTS=build:10 tsan:90\n' >points
    check_json 21 POINTS=points
    [[ $(value '.results[0] | "\(.points)/\(.max)"') == 100/100 ]]
    printf 'POINTS.21=build:7\n' >>points
    check_json 21 POINTS=points
    [[ $(value '.results[0] | "\(.points)/\(.max)"') == 7/7 ]]
    echo 'points=3' >>points
    run -2 tools/racelab check 21 --points points
    [[ $output == *"points:4: not POINTS=stage:points"* ]]
}

@test "the list remembers a student's last check, not somebody else's" {
    fake_answer tsan 50 data-race
    tools/racelab check 21 --submission solutions || true
    run tools/racelab list
    [[ $output == *"21-small-counter            to do"* ]]
    tools/racelab check 21 || true
    run tools/racelab list
    [[ $output == *"21-small-counter            5/8 points, failed at tsan"* ]]
    fake_answer tsan 50 clean
    tools/racelab check 21 --fresh
    run tools/racelab list
    [[ $output == *"1 of 1 labs done"* ]]
}

@test "one line says that programs run with your rights, where they do" {
    RL_SANDBOX=off run --separate-stderr tools/racelab check 21
    [[ $stderr == "There is no sandbox: programs run with your rights." ]]
    [[ $output == *"Judged without a sandbox."* ]]
}

# Finding a submission.

@test "solutions is a folder like any other, and passes" {
    check_json SUBMISSION=solutions
    [[ $status -eq 0 ]]
    [[ $(value .results[0].file) == solutions/21-small-counter/counter.c ]]
}

@test "a submission is found by its lab's folder, or by its name, at any depth" {
    mkdir -p class/ann/21-small-counter class/deep/er/still
    cp labs/21-small-counter/counter.c class/ann/21-small-counter/other.c
    check_json --submission class/ann
    [[ $(value .results[0].file) == class/ann/21-small-counter/other.c ]]
    cp labs/21-small-counter/counter.c class/deep/er/still/
    check_json --submission class/deep
    [[ $(value .results[0].file) == class/deep/er/still/counter.c ]]
}

@test "a file names its lab" {
    cp labs/21-small-counter/counter.c .
    check_json --submission counter.c
    [[ $status -eq 0 && $(value .results[0].lab) == 21-small-counter ]]
    mv counter.c mine.c
    run -2 tools/racelab check --submission mine.c
    [[ $output == *"which lab is mine.c for?"* ]]
    check_json 21 --submission mine.c
    [[ $status -eq 0 ]]
}

@test "the files beside it are compiled with it, another lab's are not" {
    compiled
    fake_lab 22-other other.c
    mkdir flat
    cp labs/*/*.c flat/
    printf 'int answer(void);\n' >flat/part.h
    printf '#include "part.h"\nint answer(void) { return 0; }\n' >flat/part.c
    sed -i 's/#include <stdio.h>/&\n#include "part.h"/; s/return 0;/return answer();/' \
        flat/counter.c
    check_json 21 --submission flat
    [[ $status -eq 0 ]]
}

@test "two candidates are a named error, and the other labs go on" {
    fake_lab 22-other other.c
    mkdir -p twice/a twice/b
    cp labs/21-small-counter/counter.c twice/a/
    cp labs/21-small-counter/counter.c twice/b/
    cp labs/22-other/other.c twice/
    check_json --submission twice
    [[ $status -eq 2 ]]
    [[ $(value .results[0].reason) == \
        "more than one counter.c: twice/a/counter.c and twice/b/counter.c" ]]
    [[ $(value .results[1].verdict) == pass ]]
}

@test "a lab that was not handed in is skipped and said" {
    fake_lab 22-other other.c
    mkdir some
    cp labs/22-other/other.c some/
    check_json --submission some
    [[ $status -eq 0 && $(value .results[0].reason) == "not handed in" ]]
    run -2 tools/racelab check 21 --submission some
    [[ $output == *"no counter.c in some"* ]]
}

@test "a folder with nothing in it is an error" {
    mkdir empty
    run -2 tools/racelab check --submission empty
    [[ $output == *"no lab's file is in empty"* ]]
}

# Wrong use: one line, its exit code, and nothing else is spoiled.

unfit() {
    run --separate-stderr tools/racelab check 21 --submission "$1"
    [[ $status -eq "$2" ]] || fail_with "exit $status" "$output" "$stderr"
    [[ $output$stderr == *"$3"* ]] || fail_with "$output" "$stderr"
}

@test "no such lab, no such file" {
    run -2 tools/racelab check 77
    [[ $output == "racelab: no lab '77'"* && ${#lines[@]} -eq 1 ]]
    run -2 tools/racelab check 21 --submission gone.c
    [[ $output == "racelab: there is no gone.c" ]]
    run -2 tools/racelab check gone.c
    [[ $output == "racelab: there is no file gone.c" ]]
}

@test "a folder for a file" {
    mkdir -p wrong/counter.c my.c
    unfit wrong 2 "wrong/counter.c is a folder, not a file"
    run -2 tools/racelab check my.c
    [[ $output == "racelab: my.c is a folder, not a C file" ]]
}

@test "a file that does not build" {
    compiled
    printf 'int main(void) { return x; }\n' >counter.c
    unfit counter.c 2 "counter.c:1:25: error: "
}

@test "an empty file, one without main, one with two" {
    compiled
    : >counter.c
    unfit counter.c 2 "counter.c is empty"
    echo 'int x;' >counter.c
    unfit counter.c 2 "it has no main function"
    mkdir two
    cp labs/21-small-counter/counter.c two/
    echo 'int main(void) { return 0; }' >two/old.c
    unfit two 2 "two of its files have a main function"
}

@test "no newline at the end, CRLF and Latin-1 are no obstacle" {
    compiled
    mkdir none crlf latin
    printf '%s' "$(cat labs/21-small-counter/counter.c)" >none/counter.c
    sed 's/$/\r/' labs/21-small-counter/counter.c >crlf/counter.c
    printf '/* Gr\374\337e */\n' | cat - labs/21-small-counter/counter.c \
        >latin/counter.c
    check_json 21 none crlf latin/counter.c
    [[ $status -eq 0 && $(value '[.results[].verdict] | join(" ")') == \
        "pass pass pass" ]]
}

@test "spaces, quotes and newlines in names" {
    dir="a folder \"with\" 'quotes'"$'\n'"and a newline"
    mkdir -p "$dir"
    cp labs/21-small-counter/counter.c "$dir/"
    cp labs/21-small-counter/counter.c "my \"own\" file.c"
    compiled
    check_json 21 "$dir/counter.c" "$dir" "my \"own\" file.c"
    [[ $status -eq 0 && $(value '[.results[].verdict] | join(" ")') == \
        "pass pass pass" ]]
    cp labs/21-small-counter/counter.c $'new\nline.c'
    unfit $'new\nline.c' 2 'a control character in the name'
}

@test "a file that cannot be read" {
    [[ $(id -u) != 0 ]] || skip "root reads everything"
    cp labs/21-small-counter/counter.c .
    chmod 000 counter.c
    unfit counter.c 2 "cannot be read"
}

@test "an option that is not there, a value that is none" {
    run -2 tools/racelab check 21 --fromat tap
    [[ $output == *"no option --fromat"* ]]
    run -2 tools/racelab check 21 --format yaml
    [[ $output == *"no format 'yaml'; there are: "*junit* ]]
    run -2 tools/racelab check 21 -j none
    run -2 tools/racelab check 21 --cc tcc
    [[ $output == *"must be gcc or clang"* ]]
    run -2 tools/racelab check 21 --out /nonexistent/x
    [[ $output == *"cannot be written"* ]]
}

# Programs of one's own.

@test "a program of one's own has no lab's stages, and the report says so" {
    cp labs/21-small-counter/counter.c my.c
    run -0 tools/racelab check my.c -- 2 3
    [[ $output != *"  honest "* && $output != *"  concurrent "* ]]
    [[ $output == *"Not judged: whether the output is right"* ]]
}

@test "with the right output given it is judged" {
    cp labs/21-small-counter/counter.c my.c
    echo "total 6" >right
    check_json my.c --output right -- 2 3
    [[ $(stages) == "build=pass output=pass"* ]]
}

@test "its flags reach the compiler" {
    compiled
    mkdir inc
    echo '#define ANSWER 0' >inc/answer.h
    printf '#include <math.h>\n#include "answer.h"\nint main(void) { return %s; }\n' \
        '(int)fmin(ANSWER, EXTRA)' >my.c
    run -0 tools/racelab check my.c -Iinc -DEXTRA=0 -lm
    run -2 tools/racelab check my.c
}

@test "what cannot be told apart is an error" {
    mkdir a b
    cp labs/21-small-counter/counter.c a/
    cp labs/21-small-counter/counter.c b/
    run -2 tools/racelab check a/counter.c b/counter.c
    [[ $output == *"two files called counter.c"* ]]
}
