# shellcheck shell=bash
# Does a detector work on this machine? It is asked about programs whose
# answer is known (tools/probes): it must find fault with one of the bad ones
# and none with the clean one.
# Usage: source tools/lib/unit.sh; source tools/lib/doctor.sh
#
# doctor_probe DETECTOR CC    prints one JSON line:
#     {"detector":"tsan","compiler":"gcc","state":"works"}
#     state: works; cured (works, and "cause" says what had to be done);
#     broken ("cause" and "cure" say why and what helps); missing (no such
#     compiler or tool; "cure" says how to get it)
# doctor_cached DETECTOR CC   the same, asked once for each version of things
# doctor_all                  all detectors with gcc and clang, line by line
# doctor_works DETECTOR CC    0 if it works or is cured; else prints the line

DOCTOR_ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

doctor_line() {
    jq -nc --arg detector "$1" --arg compiler "$2" --arg state "$3" \
        --arg cause "${4:-}" --arg cure "${5:-}" '
        {detector: $detector, compiler: $compiler, state: $state}
        + if $cause == "" then {} else {cause: $cause} end
        + if $cure == "" then {} else {cure: $cure} end'
}

# Which sandbox works here, in a line or two.
doctor_sandbox() {
    local said

    said=$(env -u RL_SANDBOX -u RL_SANDBOX_LEVEL \
        "$DOCTOR_ROOT/build/bin/rl-box" level)
    printf 'Sandbox: %s works here.\n' "${said%% *}"
    case $said in
    namespaces) ;;
    *"not installed"*) printf '  %s: run tools/setup\n' "${said#* }" ;;
    *)
        printf '  %s\n' "${said#* }"
        printf '  The system has to allow user namespaces for more.\n'
        ;;
    esac
}

# What helps against the words of a tool that failed.
doctor_cure() {
    case $1 in
    *"unexpected memory mapping"* | *"FATAL: ThreadSanitizer"*)
        echo "sudo sysctl vm.mmap_rnd_bits=28 (here 'setarch -R' is refused)"
        ;;
    *-ltsan* | *libtsan* | *libclang_rt*)
        echo "install the compiler's sanitizer library: tools/setup"
        ;;
    *redirection*) echo "install libc6-dbg" ;;
    *"not installed"*) echo "tools/setup" ;;
    *"is missing"*) echo "make tools" ;;
    *) echo "tools/setup; then make clean, and ask again" ;;
    esac
}

# The answer on one probe: the detector's summary, or nothing.
doctor_ask() {
    local detector=$1 cc=$2 probe=$3 scratch=$4
    local unit=$scratch/$probe

    unit_stage "$unit" "$cc" "$DOCTOR_ROOT/tools/probes/$probe.c"
    timeout -k 5 120 "$DOCTOR_ROOT/tools/detectors/$detector" \
        --unit "$unit" --runs 1 -- 2>"$scratch/said" </dev/null |
        tail -n1 >"$scratch/summary" || true
    # An empty file is no answer; jq 1.6 would call it true.
    jq -es '.[0].type == "summary"' "$scratch/summary" >/dev/null 2>&1 ||
        jq -Rs '{status: "broken", reason: .[:300]}' "$scratch/said" \
            >"$scratch/summary"
}

doctor_status() {
    jq -r '.status' "$1/summary"
}

doctor_reason() {
    jq -r '.reason // .basis // "it gave no answer"' "$1/summary"
}

doctor_probe() {
    local detector=$1 cc=$2 scratch

    if ! command -v "$cc" >/dev/null; then
        doctor_line "$detector" "$cc" missing "$cc is not installed" \
            "tools/setup"
        return
    fi
    scratch=$(mktemp -d)
    doctor_examine "$detector" "$cc" "$scratch"
    rm -rf -- "$scratch"
}

doctor_examine() {
    local detector=$1 cc=$2 scratch=$3 probe cured='' reason

    for probe in $(doctor_probes "$detector"); do
        doctor_ask "$detector" "$cc" "$probe" "$scratch"
        case $(doctor_status "$scratch") in
        found)
            # That one run was asked for is no cure.
            cured=$(jq -r '.reason // empty
                | select(startswith("budget:") | not)' "$scratch/summary")
            break
            ;;
        broken | no-answer)
            reason=$(doctor_reason "$scratch")
            doctor_line "$detector" "$cc" broken "$reason" \
                "$(doctor_cure "$reason")"
            return
            ;;
        esac
    done
    if [[ $(doctor_status "$scratch") != found ]] &&
        doctor_decides "$detector"; then
        doctor_line "$detector" "$cc" broken \
            "it finds nothing in programs that are wrong" \
            "$(doctor_cure '')"
        return
    fi
    doctor_ask "$detector" "$cc" clean "$scratch"
    if [[ $(doctor_status "$scratch") != clean ]]; then
        doctor_line "$detector" "$cc" broken \
            "it complains of a program that is right: $(doctor_reason \
                "$scratch")" "$(doctor_cure '')"
    elif [[ -n $cured ]]; then
        doctor_line "$detector" "$cc" cured "$cured"
    else
        doctor_line "$detector" "$cc" works
    fi
}

# The bad programs in which it must find something: those that it names.
doctor_probes() {
    "$DOCTOR_ROOT/tools/detectors/$1" --describe |
        jq -r '.probes // ["race", "stuck", "leak", "fork"] | .[]'
}

# Detectors that only show how outcomes vary need not find anything.
doctor_decides() {
    "$DOCTOR_ROOT/tools/detectors/$1" --describe |
        jq -e '.decides != false and .name != "noise"' >/dev/null
}

# One word for all that an answer depends on.
doctor_version() {
    local cc=$1

    {
        "$cc" --version 2>/dev/null | head -n1
        valgrind --version 2>/dev/null
        uname -srm
        cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null
        cd -- "$DOCTOR_ROOT/tools" && find . -type f -print0 | sort -z |
            xargs -0 cat
    } | sha256sum | cut -c1-16
}

doctor_cached() {
    local detector=$1 cc=$2 kept

    kept=$DOCTOR_ROOT/build/state/doctor/$detector-$(basename -- "$cc")
    kept+=-$(doctor_version "$cc")
    if [[ ! -s $kept ]]; then
        mkdir -p -- "$(dirname -- "$kept")"
        doctor_probe "$detector" "$cc" >"$kept.$BASHPID"
        mv -f -- "$kept.$BASHPID" "$kept"
    fi
    cat -- "$kept"
}

doctor_works() {
    local line

    line=$(doctor_cached "$1" "$2")
    case $(jq -r .state <<<"$line") in
    works | cured) ;;
    *)
        printf '%s\n' "$line"
        return 1
        ;;
    esac
}

doctor_all() {
    local file cc

    for file in "$DOCTOR_ROOT"/tools/detectors/*; do
        for cc in gcc clang; do
            [[ ! -x $file ]] || doctor_cached "${file##*/}" "$cc"
        done
    done
}
