# shellcheck shell=bash
# Applies the stated rules of judge.jq to what the detectors said.
# Usage: source tools/lib/judge.sh; judge LINES [UNIT]

JUDGE_ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

# Prints the lines of file LINES, judged. UNIT defaults to the variable UNIT.
judge() {
    local lines=$1 unit=${2:-${UNIT:-}}

    jq -c -s --argjson facts "$(judge_facts "$unit")" \
        -f "$JUDGE_ROOT/tools/lib/judge.jq" "$lines"
}

# What the unit's program uses, found once for each unit; {} if unknown.
judge_facts() {
    local unit=$1 fresh=$1/facts.$BASHPID

    if [[ -n $unit && ! -s $unit/facts ]]; then
        "$JUDGE_ROOT/build/bin/rl-scan" --unit "$unit" --facts \
            >"$fresh" 2>/dev/null || true
        mv -f -- "$fresh" "$unit/facts"
    fi
    if [[ -n $unit && -s $unit/facts ]]; then
        cat -- "$unit/facts"
    else
        echo '{}'
    fi
}
