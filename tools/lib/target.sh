# shellcheck shell=bash
# What a command is about: a lab (a student's or somebody's submission of it)
# or a program of one's own; its files, its arguments, its unit.
# Sourced after common.sh, lab.sh and unit.sh.
# shellcheck disable=SC2034 # the commands that source this read its results

declare -gA OPT=()
TARGET='' FILES=() ARGV=() USER_ARGS=0 CFLAGS_OWN=() LDFLAGS_OWN=()
LAB_CHOSEN_FOR_YOU=0 SUBMISSIONS=() MANY_SUBMISSIONS=0

# target_parse "ALLOWED..." WORD...: ALLOWED are long options that take a
# value, or with a trailing ! none. Sets OPT, TARGET (lab or own), FILES, ARGV.
target_parse() {
    local allowed=" ${1//$'\n'/ } " word value name
    local -a places=()
    shift
    while (($#)); do
        word=$1
        shift
        case $word in
        --)
            ARGV=("$@")
            USER_ARGS=1
            break
            ;;
        -I | -D | -L | -l | -U)
            (($#)) || die 2 "$word needs a value"
            own_flag "$word$1"
            shift
            ;;
        -I* | -D* | -U* | -L* | -l*) own_flag "$word" ;;
        -j)
            (($#)) || die 2 "-j needs a number"
            OPT[jobs]=$1
            shift
            ;;
        -j*) OPT[jobs]=${word#-j} ;;
        --*)
            name=${word#--}
            value=${name#*=}
            name=${name%%=*}
            if [[ $allowed == *" $name! "* ]]; then
                OPT[$name]=1
            elif [[ $allowed != *" $name "* ]]; then
                die 2 "no option --$name here (--help tells which there are)"
            elif [[ $word == *=* ]]; then
                OPT[$name]=$value
            else
                (($#)) || die 2 "--$name needs a value"
                OPT[$name]=$1
                shift
            fi
            ;;
        -*) die 2 "no option $word here (--help tells which there are)" ;;
        *) places+=("$word") ;;
        esac
    done
    settings_from_make "$allowed"
    target_choose "${places[@]}"
    target_submissions "$allowed"
}

# LAB=21 of make reaches a command as RL_LAB; a word on the line comes first.
settings_from_make() {
    local name variable
    for name in submission format out points runs seed wall word; do
        variable=RL_${name^^}
        if [[ $1 == *" $name "* && -n ${!variable:-} ]]; then
            OPT[$name]=${OPT[$name]:-${!variable}}
        fi
    done
    OPT[jobs]=${OPT[jobs]:-${RL_JOBS:-$(nproc)}}
    [[ ${OPT[jobs]} =~ ^[1-9][0-9]{0,2}$ ]] ||
        die 2 "-j takes a number from 1 to 999, not '${OPT[jobs]}'"
    for name in runs seed wall; do
        [[ ${OPT[$name]:-1} =~ ^[0-9]{1,9}$ ]] ||
            die 2 "--$name takes a number, not '${OPT[$name]}'"
    done
}

# A compiler flag for a program of one's own; folders become absolute.
own_flag() {
    local flag=$1 dir
    case $flag in
    -I* | -L*)
        dir=${flag:2}
        [[ -d $dir ]] || die 2 "$flag: no such folder"
        flag=${flag:0:2}$(cd -- "$dir" && pwd)
        ;;
    esac
    [[ $flag != *$'\n'* ]] || die 2 "a flag with a newline"
    case $flag in
    -l* | -L*) LDFLAGS_OWN+=("$flag") ;;
    *) CFLAGS_OWN+=("$flag") ;;
    esac
}

target_choose() {
    local word
    if (($# == 0)); then
        TARGET=lab
        [[ -z ${RL_LAB:-} ]] || LAB_NAME=$(lab_resolve "$RL_LAB")
        return
    fi
    if ! looks_like_file "$1"; then
        TARGET=lab
        LAB_NAME=$(lab_resolve "$1")
        shift
        SUBMISSIONS+=("$@")
        return
    fi
    TARGET=own
    for word; do
        [[ ! -d $word ]] || die 2 "$(shown "$word") is a folder, not a C file"
        [[ -e $word ]] || die 2 "there is no file $(shown "$word")"
        [[ -f $word && $word == *.[ch] ]] ||
            die 2 "$(shown "$word") is not a .c file"
    done
    own_files "$@"
}

# Words after the lab are submissions of it, as with --submission; several
# where the command has set MANY_SUBMISSIONS.
target_submissions() {
    ((${#SUBMISSIONS[@]})) || return 0
    [[ $1 == *" submission "* && -z ${OPT[submission]:-} ]] ||
        die 2 "$(shown "${SUBMISSIONS[0]}"): one lab or one program at a time"
    ((${#SUBMISSIONS[@]} == 1 || MANY_SUBMISSIONS)) ||
        die 2 "one submission at a time, not ${#SUBMISSIONS[@]}"
    OPT[submission]=${SUBMISSIONS[0]}
}

looks_like_file() {
    [[ $1 == *.[ch] || $1 == ./* || $1 == /* || -f $1 ]] &&
        [[ ! -f ${1%/}/lab.conf ]]
}

# A program of one's own: the files named and the headers beside them.
own_files() {
    local file header dir
    local -A names=()
    FILES=()
    for file; do
        for header in "$file" "$(dirname -- "$file")"/*.h; do
            [[ -f $header ]] || continue
            if [[ -z ${names[${header##*/}]:-} ]]; then
                names[${header##*/}]=$header
                FILES+=("$header")
            elif [[ ! $header -ef ${names[${header##*/}]} && $header == *.c ]]
            then
                die 2 "two files called ${header##*/}"
            fi
        done
    done
}

# For a command about one lab: without a word, the first lab that is not done.
target_one_lab() {
    [[ $TARGET == lab ]] || return 0
    if [[ -z $LAB_NAME ]]; then
        LAB_NAME=$(lab_next)
        note "LAB=${LAB_NAME%%-*}: $LAB_NAME, the first lab that is not done"
    fi
    lab_load "$LAB_NAME"
}

# FILES of the lab: the student's own, or --submission's.
target_lab_files() {
    local path=${OPT[submission]:-} status=0
    if [[ -z $path ]]; then
        path=$LAB_DIR
        mapfile -d '' -t FILES < <(source_files "$path")
        ((${#FILES[@]})) || die 2 "$(shown "$path") holds no C file;" \
            "make reset LAB=${LAB_NAME%%-*} brings it back"
        return
    fi
    [[ -e $path || $path == /* || ! -e $RL_ROOT/$path ]] ||
        path=$RL_ROOT/$path
    [[ -e $path ]] || die 2 "there is no $(shown "$path")"
    submission_files "$path" "$LAB_NAME" "$LAB_FILE" || status=$?
    ((status != 1)) || die 2 "no $LAB_FILE in $(shown "$path")"
    ((status == 0)) || die 2 "$LAB_NAME: $WHY_NOT"
}

# Print why FILES cannot be judged at all, in one line; 1 when they can.
files_unfit() {
    local file any=0
    for file in "${FILES[@]}"; do
        if [[ ${file##*/} == *[$'\001'-$'\037\177']* ]]; then
            printf '%s: a control character in the name' \
                "$(shown "$file")"
            return 0
        elif [[ ! -r $file ]]; then
            printf '%s cannot be read' "$(shown "$file")"
            return 0
        fi
        [[ $file != *.c || ! -s $file ]] || any=1
    done
    if ((!any)); then
        printf '%s is empty' "$(shown "${FILES[0]}")"
        return 0
    fi
    return 1
}

# Stage FILES for compiler $1 and print the unit's folder. Units are kept by
# content, so that an unchanged program is built once.
target_unit() {
    local cc=$1 unit key
    key=$({
        content_hash "${FILES[@]}"
        compiler_version "$cc"
        tool_version
        printf '%s\n' "$cc" "${CFLAGS_OWN[@]}" "${LDFLAGS_OWN[@]}" \
            "$RL_SANDBOX_LEVEL"
    } | sha256sum | cut -c1-20)
    unit=$RL_BUILD/units/$key
    mkdir -p "$RL_BUILD/units"
    (
        flock 9
        if [[ ! -f $unit/whole ]]; then
            unit_stage "$unit" "$cc" "${FILES[@]}"
            ((!${#CFLAGS_OWN[@]})) ||
                printf '%s\n' "${CFLAGS_OWN[@]}" >"$unit/cflags"
            ((!${#LDFLAGS_OWN[@]})) ||
                printf '%s\n' "${LDFLAGS_OWN[@]}" >"$unit/ldflags"
            : >"$unit/whole"
        fi
        touch "$unit"
    ) 9>"$RL_BUILD/units/.$key.lock" || return
    printf '%s' "$unit"
}

# Units that nobody asked for in two days go.
units_prune() {
    find "$RL_BUILD/units" -mindepth 1 -maxdepth 1 -mtime +1 \
        -exec rm -rf {} + 2>/dev/null || true
}

# The compiler's first complaint in FLAVOUR's log, in one line.
build_complaint() {
    local log=$1 line
    if grep -q "undefined reference to .main'" "$log"; then
        printf 'it has no main function'
        return
    elif grep -q "multiple definition of .main'" "$log"; then
        printf 'two of its files have a main function'
        return
    fi
    line=$(grep -m1 -E ':[0-9]+:([0-9]+:)? (fatal )?error: ' "$log" ||
        grep -m1 -E 'undefined reference|multiple definition|error:' "$log" ||
        tail -n1 "$log")
    line=${line#./}
    one_line "$line"
}
