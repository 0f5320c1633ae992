# A detector as a command: what it says of a finding, of silence, of trouble,
# for a lab and for a program of one's own.

load helper

setup() {
    fake_root
    fake_tools
    cd "$FAKE"
}

@test "a finding is told with threads, places, source, lock and question" {
    fake_answer tsan 50 data-race
    run -1 tools/racelab tsan 21
    [[ $output == *"tsan: 21-small-counter, arguments: 2 3"* ]]
    [[ $output == *"thread 1 (work) writes \`total\`"*"counter.c:9 in main()"* ]]
    [[ $output == *"9 |     printf(\"total %d"* ]]
    [[ $output == *"Neither of them holds a lock here."* ]]
    [[ $output == *"Question: Which lock do all threads hold"*"\`total\`?"* ]]
    [[ $output == *"make explain KIND=data-race"* ]]
    for line in "${lines[@]}"; do
        ((${#line} <= 80)) || fail_with "$line"
    done
}

@test "two different locks are said to keep nobody out" {
    fake_answer tsan 50 data-race
    sed -i 's/"locks":\[\]/"locks":["a"]/; s/\(.*\)"locks":\[\]/\1"locks":["b"]/' \
        says.tsan
    run -1 tools/racelab tsan 21
    [[ $output == *"two different locks keep nobody out"* ]]
}

@test "a circle of waiting threads is said in one sentence" {
    finding_line deadlock hang | jq -c '.cycle = [1, 2]
        | .threads[].op = "wait" | .threads[].object = "lock"' >says
    summary_line hang found >>says
    fake_detector hang 80 false <<<"cat '$FAKE/says'; exit 1"
    run -1 tools/racelab hang 21
    [[ $output == *"thread 1 waits for thread 2, thread 2 waits for thread 1:"* ]]
}

@test "silence is not called a proof" {
    fake_answer tsan 50 clean
    run -0 tools/racelab tsan 21
    [[ $output == *"Nothing found: clean in 3 of 3 runs."* ]]
    [[ $output == *"not that nothing is wrong"* ]]
}

@test "a tool that does not work ends with 3, one without an answer with 4" {
    fake_answer tsan 50 broken
    run -3 tools/racelab tsan 21
    [[ $output == *"does not work here"*"make doctor"* ]]
    fake_answer tsan 50 no-answer
    run -4 tools/racelab tsan 21
    [[ $output == *"No answer"* ]]
}

@test "a detector that only says half is broken, its half no evidence" {
    finding_line data-race tsan >half
    fake_detector tsan 50 true <<<"cat '$FAKE/half'; kill -9 \$\$"
    run -3 tools/racelab tsan 21
    [[ $output != *"Data race"* ]]
}

@test "the detector gets the right output and the arguments of the lab" {
    fake_detector tsan 50 true <<SCRIPT
printf '%s\n' "\$@" >"$FAKE/got"
while [[ \$1 != --expect-output ]]; do shift; done
cp "\$2" "$FAKE/right"
exit 3
SCRIPT
    run tools/racelab tsan 21 --runs 7 --seed 5
    [[ $(cat right) == "total 6" ]]
    [[ $(tail -n 2 got | paste -sd' ') == "2 3" ]]
    [[ $(paste -sd' ' got) == *"--runs 7"*"--seed 5"* ]]
    echo 'ARGS.tsan=4 5' >>labs/21-small-counter/lab.conf
    run tools/racelab tsan 21
    [[ $(cat right) == "total 20" ]]
    run tools/racelab tsan 21 -- 7 8
    [[ $(cat right) == "total 56" ]]
}

@test "a program of one's own is built with its flags and its arguments" {
    fake_detector tsan 50 true <<SCRIPT
printf '%s\n' "\$@" >"$FAKE/got"
cp "\$2/cflags" "$FAKE/"; ls "\$src" >"$FAKE/files"
cat "$FAKE/clean"
SCRIPT
    summary_line tsan clean >clean
    mkdir prog
    printf '#include "h.h"\nint main(void) { return X; }\n' >prog/my.c
    echo '#define H' >prog/h.h
    run -0 tools/racelab tsan prog/my.c -DX=0 -- 'a b' c
    [[ $(tail -n 2 got) == $'a b\nc' && $(cat cflags) == "-DX=0" ]]
    [[ $(paste -sd' ' files) == "h.h my.c" ]]
    ! grep -q expect-output got
}

@test "what does not build is one line and exit code 2" {
    fake_answer tsan 50 clean
    echo 'int main(void) { return 0' >my.c
    run -2 tools/racelab tsan my.c
    [[ ${#lines[@]} -eq 1 && $output == *"does not build with gcc: my.c:1:"* ]]
}

@test "--format lines prints the detector's own lines" {
    fake_answer tsan 50 data-race
    run -1 --separate-stderr tools/racelab tsan 21 --format lines
    diff <(printf '%s\n' "$output") says.tsan
}

@test "run shows one run, then how the outcomes vary" {
    [[ -x $ROOT/build/bin/rl-run ]]
    jq -nc '{type: "summary", detector: "plain", status: "found", runs: 20,
        basis: "found in 2 of 20 runs", outcomes: [
        {count: 18, end: "exit 0", stdout: "total 6\n"},
        {count: 2, end: "exit 0", stdout: "total 5\n"}]}' >outcomes
    fake_detector plain 10 true <<<"cat '$FAKE/outcomes'; exit 1"
    run -1 tools/racelab run 21
    [[ $output == *"it printed:"*"total 6"*"exit code 0"* ]]
    [[ $output == *"18  exit 0"*right*"total 6"* ]]
    [[ $output == *"2  exit 0"*WRONG*"total 5"* ]]
    [[ $output == *"the same arguments, 2 outcomes"* ]]
}
