#!/usr/bin/env bats
# The doctor's probes (tools/lib/doctor.sh): what works, is cured, is broken.
# shellcheck disable=SC2016 # bodies of scripts, expanded when they run

bats_require_minimum_version 1.5.0
load helper
load detect

source "$ROOT/tools/lib/doctor.sh"

# A detector that is not there but for this test: its answer by the probe's
# name. detector NAME <BODY, which sets status and reason.
detector() {
    DOCTOR_ROOT=$BATS_TEST_TMPDIR/root
    mkdir -p "$DOCTOR_ROOT/tools/detectors"
    cp -r "$ROOT/tools/probes" "$DOCTOR_ROOT/tools/"
    {
        printf '#!/usr/bin/env bash\nname=%q\n' "$1"
        cat <<'SCRIPT'
if [[ $1 == --describe ]]; then
    echo "{\"name\":\"$name\",\"order\":1}"
    exit
fi
probe=$(basename -- "$2")
reason=''
SCRIPT
        cat
        cat <<'SCRIPT'
jq -nc --arg d "$name" --arg s "$status" --arg r "$reason" \
    '{type: "summary", detector: $d, status: $s, runs: 1, basis: "b"}
     + if $r == "" then {} else {reason: $r} end'
SCRIPT
    } >"$DOCTOR_ROOT/tools/detectors/$1"
    chmod +x "$DOCTOR_ROOT/tools/detectors/$1"
}

# state LINE: the line's state, and its cause and cure are there if needed.
state() {
    jq -r 'if .state == "works" then .state
        elif .cause and (.cure or .state == "cured") then .state
        else "no cause or cure" end' <<<"$1"
}

@test "ThreadSanitizer, Helgrind and DRD work here with gcc" {
    local name
    for name in tsan helgrind drd; do
        run -0 doctor_probe "$name" gcc
        [[ $(state "$output") == works || $(state "$output") == cured ]]
    done
}

@test "ThreadSanitizer works here with clang, too" {
    command -v clang >/dev/null || skip "no clang"
    run -0 doctor_probe tsan clang
    [[ $(state "$output") == works || $(state "$output") == cured ]]
}

@test "a detector that finds one bad probe and no fault with the clean one works" {
    detector good <<<'status=clean; [[ $probe != stuck ]] || status=found'
    [[ $(state "$(doctor_probe good gcc)") == works ]]
}

@test "a detector that finds nothing is broken" {
    detector blind <<<'status=clean'
    [[ $(state "$(doctor_probe blind gcc)") == broken ]]
}

@test "a detector that complains of the clean probe is broken" {
    detector shy <<<'status=found'
    [[ $(state "$(doctor_probe shy gcc)") == broken ]]
}

@test "a detector that dies is broken" {
    detector dead <<<'echo "no such tool" >&2; exit 1'
    run -0 doctor_probe dead gcc
    [[ $(state "$output") == broken && $output == *"no such tool"* ]]
}

@test "a detector that had to be cured says how" {
    detector ill <<<'status=clean; [[ $probe != race ]] ||
        { status=found; reason="started with setarch -R"; }'
    run -0 doctor_probe ill gcc
    [[ $(state "$output") == cured && $output == *setarch* ]]
}

@test "a search that ends at its budget works, and was not cured" {
    detector short <<<'status=clean; [[ $probe != race ]] ||
        { status=found; reason="budget: the number that was given"; }'
    run -0 doctor_probe short gcc
    [[ $(state "$output") == works ]]
}

@test "a memory mapping that cannot be cured names the sysctl" {
    detector maps <<<'status=broken
        reason="FATAL: ThreadSanitizer: unexpected memory mapping"'
    run -0 doctor_probe maps gcc
    [[ $(state "$output") == broken && $output == *vm.mmap_rnd_bits=28* ]]
}

@test "a compiler that is not installed is missing" {
    detector good <<<'status=clean'
    run -0 doctor_probe good no-such-compiler
    [[ $(state "$output") == missing ]]
}

@test "an answer is kept until the tools change" {
    local count=$BATS_TEST_TMPDIR/count
    detector good <<<"echo x >>'$count'"'; status=clean
        [[ $probe != race ]] || status=found'
    doctor_cached good gcc
    doctor_cached good gcc
    [[ $(wc -l <"$count") == 2 ]]
    run -0 doctor_works good gcc
    [[ -z $output ]]
    echo '# another version' >>"$DOCTOR_ROOT/tools/probes/clean.c"
    doctor_cached good gcc
    [[ $(wc -l <"$count") == 4 ]]
}
