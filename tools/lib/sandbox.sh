# shellcheck shell=bash
# Which sandbox the commands of a command run programs in (tools/sandbox).
# Sourced after common.sh.
#
# sandbox_ready   asks once what works here, by SANDBOX=auto|require|off, for
#     this command and those it starts: RL_SANDBOX_LEVEL is namespaces,
#     privileges, limits or off, RL_SANDBOX_WHY why it is not namespaces.
#     Ends with 3 where SANDBOX=require cannot be had.
# sandbox_note    tells a person, on stderr, of less than namespaces

sandbox_ready() {
    local said status=0

    [[ ${RL_SANDBOX:-auto} =~ ^(auto|require|off)$ ]] ||
        die 2 "SANDBOX is auto, require or off, not '$RL_SANDBOX'"
    [[ -z ${RL_SANDBOX_LEVEL:-} || ${RL_SANDBOX_FOR:-} != "${RL_SANDBOX:-}" ]] ||
        return 0
    unset RL_SANDBOX_LEVEL
    said=$("$RL_BUILD/bin/rl-box" level 2>&1) || status=$?
    ((status != 2 && status != 3)) || die "$status" "$said"
    ((status == 0)) || die 70 "rl-box: $said"
    RL_SANDBOX_LEVEL=${said%% *}
    RL_SANDBOX_WHY=${said#"$RL_SANDBOX_LEVEL"}
    RL_SANDBOX_WHY=${RL_SANDBOX_WHY# }
    RL_SANDBOX_FOR=${RL_SANDBOX:-}
    export RL_SANDBOX_LEVEL RL_SANDBOX_WHY RL_SANDBOX_FOR
}

sandbox_note() {
    case $RL_SANDBOX_LEVEL in
    off) note "There is no sandbox: programs run with your rights." ;;
    privileges | limits)
        note "The sandbox reaches only $RL_SANDBOX_LEVEL here:" \
            "a program can read what others may read." \
            "${RL_SANDBOX_WHY:+($RL_SANDBOX_WHY)}"
        ;;
    esac
}
