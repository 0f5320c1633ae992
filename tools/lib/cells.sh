# shellcheck shell=bash
# Cells of a table of labs and detectors: each lab's shipped bug and its
# solution under each detector. Shared by demo and matrix.
# Sourced after the rest of lib/.
# shellcheck disable=SC2034 # what a cell is about is read by target.sh

# What students get has no solutions.
VARIANTS=(shipped solution)
if [[ ! -d $RL_ROOT/solutions ]]; then
    VARIANTS=(shipped)
fi

# cell_run LAB VARIANT DETECTOR CELL [OPTION...]: leaves CELL.lines, CELL.ms.
cell_run() {
    local name=$1 variant=$2 detector=$3 cell=$4 began ended
    local -a DETECT
    shift 4
    TARGET=lab
    lab_load "$name"
    if [[ $variant == shipped ]]; then
        # Under the lab's own file name, as a student would see it.
        FILES=("$cell.src/$LAB_FILE")
        mkdir -p "$cell.src"
        cp -- "$(lab_shipped "$name")" "${FILES[0]}"
    else
        mapfile -d '' -t FILES < <(source_files "$RL_ROOT/solutions/$name")
    fi
    UNIT=$(target_unit "$CC_USED")
    lab_args "$detector"
    detector_options "${cell##*/}"
    began=${EPOCHREALTIME/./}
    run_detector "$detector" "$UNIT" "$cell.lines" "${DETECT[@]}" "$@" -- \
        "${ARGV[@]}"
    ended=${EPOCHREALTIME/./}
    printf '%d\n' $(((ended - began) / 1000)) >"$cell.ms"
}

# The kinds of the errors. A quote inside a JSON string is escaped, so these
# words can only be members: a start of jq for each cell would cost more than
# many a detector.
cell_kinds() {
    sed -n '/"type":"finding"/ {
        /"severity":"error"/ s/.*"kind":"\([a-z-]*\)".*/\1/p
    }' "$1.lines" | sort -u
}

# How many runs the answer rests on: one at least, so that a count ends. One
# that needed no run is the same the next time.
cell_runs() {
    local runs
    runs=$(sed -n '$s/.*"runs":\([0-9]*\).*/\1/p' "$1.lines")
    case $runs in
    0) printf 9999 ;;
    *) printf '%d' "${runs:-1}" ;;
    esac
}

# Was one of the promised kinds found? PROMISE is kinds separated by |.
cell_caught() {
    cell_kinds "$1" | grep -qxE "$2"
}

# One word for a cell, the first letter large where it is not as promised.
cell_word() {
    local cell=$1 variant=$2 promise=$3 status kinds
    if [[ ! -s $cell.lines ]]; then
        echo BROKEN
        return
    fi
    status=$(detector_exit "$cell.lines")
    kinds=$(cell_kinds "$cell")
    case $status,$promise in
    3,* | 70,*) echo BROKEN ;;
    4,chance) echo unseen ;;
    4,*) echo UNSURE ;;
    *)
        if [[ $variant == solution ]]; then
            [[ -z $kinds ]] && echo clean || echo FALSE
        elif [[ $promise == chance ]]; then
            [[ -z $kinds ]] && echo unseen || echo seen
        elif [[ $promise == silent ]]; then
            [[ -z $kinds ]] && echo silent || echo FALSE
        elif cell_caught "$cell" "$promise"; then
            echo caught
        else
            [[ -z $kinds ]] && echo MISSED || echo OTHER
        fi
        ;;
    esac
}
