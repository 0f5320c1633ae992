# shellcheck shell=bash
# Once before all Bats files: the tools are built and their version is taken,
# so that no test does it again and no two tests build at once.

setup_suite() {
    local root
    root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
    export RL_ROOT=$root LC_ALL=C.UTF-8 NO_COLOR=1
    # shellcheck source=tools/lib/common.sh
    source "$root/tools/lib/common.sh"
    tools_ready
    tool_version >/dev/null
    unset RL_ROOT
}
