# shellcheck shell=bash
# Everything that the commands share, in the order in which it depends.
# Sourced; needs RL_ROOT, which tools/racelab exports.

source "$RL_ROOT/tools/lib/common.sh"
source "$RL_ROOT/tools/lib/sandbox.sh"
source "$RL_ROOT/tools/lib/lab.sh"
source "$RL_ROOT/tools/lib/unit.sh"
source "$RL_ROOT/tools/lib/doctor.sh"
source "$RL_ROOT/tools/lib/points.sh"
source "$RL_ROOT/tools/lib/target.sh"
source "$RL_ROOT/tools/lib/detect.sh"
source "$RL_ROOT/tools/lib/tell.sh"
source "$RL_ROOT/tools/lib/schedule.sh"
source "$RL_ROOT/tools/lib/explore.sh"
source "$RL_ROOT/tools/lib/replays.sh"
source "$RL_ROOT/tools/lib/judge.sh"
source "$RL_ROOT/tools/lib/rubric.sh"
