# shellcheck shell=bash
# The points of the stages: POINTS=FILE's line for a lab, its general one, or
# lab.conf's. Sourced after common.sh and lab.sh.

declare -gA POINTS_FILE=()

# The points of LAB_NAME: POINTS=FILE's own line, its general one, lab.conf's.
points_of() {
    local name=$1
    [[ -z $name ]] || printf '%s' \
        "${POINTS_FILE[$name]:-${POINTS_FILE[all]:-${CONF[POINTS]}}}"
}

points_read() {
    local file=$1 line number=0 name
    local -a lines
    POINTS_FILE=()
    [[ -n $file ]] || return 0
    [[ -f $file ]] || die 2 "there is no file $(shown "$file")"
    mapfile -t lines <"$file"
    for line in "${lines[@]}"; do
        number=$((number + 1))
        [[ -n $line && $line != '#'* ]] || continue
        if [[ ! $line =~ ^POINTS(\.([a-z0-9-]+))?=(.*)$ ]] ||
            ! points_ok "${BASH_REMATCH[3]}"; then
            die 2 "$(shown "$file"):$number:" \
                "not POINTS=stage:points ... or POINTS.LAB=..."
        fi
        [[ $line =~ ^POINTS(\.([a-z0-9-]+))?= ]]
        name=${BASH_REMATCH[2]:-all}
        line=${line#*=}
        [[ $name == all ]] || name=$(lab_resolve "$name")
        POINTS_FILE[$name]=$line
    done
}
