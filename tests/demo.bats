# demo and matrix: the table, its words, its exit code. With fake detectors.

load helper

setup() {
    fake_root
    fake_tools
    cd "$FAKE"
    # Finds fault with the shipped file, which says `return 0;`.
    (finding_line data-race tsan; summary_line tsan found) >found
    summary_line tsan clean >clean
    fake_detector tsan 50 true <<SCRIPT
if grep -q 'return 0;' "\$src"/*.c; then cat "$FAKE/found"; exit 1; fi
cat "$FAKE/clean"
SCRIPT
}

promise() {
    sed -i '/^EXPECT/d' labs/21-small-counter/lab.conf
    printf '%s\n' "$@" >>labs/21-small-counter/lab.conf
}

@test "all as promised ends with 0" {
    run -0 tools/racelab demo
    [[ $output == *"shipped  caught"*"solution clean"* ]]
    [[ $output == *"2 of 2 cells are as the labs promise"* ]]
}

@test "a bug that is missed is named, and ends with 1" {
    cp clean found
    run -1 tools/racelab demo
    [[ $output == *MISSED* ]]
    [[ $output == *"21-small-counter, shipped, tsan: found nothing; lab.conf promises data-race"* ]]
}

@test "another kind than promised is not the bug caught" {
    promise EXPECT.tsan=deadlock
    run -1 tools/racelab demo
    [[ $output == *OTHER*"found data-race, not deadlock"* ]]
}

@test "one of several kinds will do" {
    promise 'EXPECT.tsan=deadlock|data-race'
    run -0 tools/racelab demo
}

@test "a detector that should be silent and is not is wrong" {
    promise EXPECT.tsan=silent
    run -1 tools/racelab demo
    [[ $output == *FALSE*"should say nothing, it says data-race"* ]]
}

@test "silent as promised is right" {
    promise EXPECT.tsan=silent
    cp clean found
    run -0 tools/racelab demo
    [[ $output == *"shipped  silent"* ]]
}

@test "a complaint about the solution is wrong" {
    cp found clean
    run -1 tools/racelab demo
    [[ $output == *"solution FALSE"* ]]
}

@test "where nothing is promised nothing can be wrong but the solution" {
    promise EXPECT.tsan=chance
    run -0 tools/racelab demo
    [[ $output == *"shipped  seen"* ]]
}

@test "no promise is a promise of silence" {
    promise '# none'
    run -1 tools/racelab demo
    [[ $output == *FALSE*"should say nothing, it says data-race"* ]]
    cp clean found
    run -0 tools/racelab demo
    [[ $output == *"shipped  silent"* ]]
}

@test "a detector that does not work ends with 3" {
    fake_detector tsan 50 true <<<'echo "no memory" >&2; exit 3'
    run -3 tools/racelab demo
    [[ $output == *BROKEN*"no memory"* ]]
}

@test "a bad lab.conf ends the demo, it does not hang it" {
    fake_lab 22-other other.c
    echo 'COLOUR=blue' >>labs/22-other/lab.conf
    run -2 limited tools/racelab demo
    [[ $output == *"unknown key COLOUR"* ]]
}

@test "asked several times, one wrong answer is enough" {
    fake_detector tsan 50 true <<SCRIPT
echo x >>"$FAKE/asked"
if ! grep -q 'return 0;' "\$src"/*.c || (("\$(wc -l <"$FAKE/asked")" > 2)); then
    cat "$FAKE/clean"
    exit
fi
cat "$FAKE/found"
exit 1
SCRIPT
    run -0 tools/racelab demo --times 1 -j 1
    rm asked
    run -1 tools/racelab demo --times 3 -j 1
    [[ $output == *MISSED*"Each cell was asked 3 times."* ]]
    run -2 tools/racelab demo --times none
    rm asked
    run -0 tools/racelab demo --runs 3 -j 1
    rm asked
    run -1 tools/racelab demo --runs 7 -j 1
    run -2 tools/racelab demo --runs none
}

@test "what a student did to labs/ changes nothing" {
    echo 'int main(void) { return 7; }' >labs/21-small-counter/counter.c
    run -0 tools/racelab demo
}

@test "the matrix counts detections and false alarms as Markdown" {
    run -0 --separate-stderr tools/racelab matrix --runs 3
    [[ ${lines[1]} == "| lab | tsan |" && ${lines[2]} == "|---|---|" ]]
    [[ ${lines[3]} == "| 21-small-counter | 3/3 |" ]]
    [[ ${lines[4]} == "| all solutions | 0/3 |" ]]
}
