# An interleaving without what no other thread can notice: accesses to memory
# that only one thread touches. What the finding names stays, and so does the
# reason of a switch.
(.steps | map(select(.op == "read" or .op == "write")
    | {name: (.text | sub("^(reads|writes) "; "") | sub(" =.*"; "")), thread})
  | unique | group_by(.name) | map(select(length > 1) | {(.[0].name): true})
  | add // {}) as $shared
| .steps |= map(
    (.text | sub("^(reads|writes) "; "") | sub(" =.*"; "")) as $name
    | select((.op != "read" and .op != "write") or .finding or .switch
             or ($shared[$name] and $name != "memory")))
