# From clang's syntax tree to the places where a program synchronises:
# {functions: [{name, from, body, sites: [SITE], loops: [LOOP],
#  updates: [UPDATE], blocks: [[STATEMENT]]}], skipped: N}.
# A SITE is a call {name, role, from, to, args, block, place, plain}; it is
# plain when it is all that statement number place of that block does.
include "text";

def roles: {
  pthread_mutex_lock: "lock", pthread_spin_lock: "lock", mtx_lock: "lock",
  pthread_rwlock_rdlock: "lock", pthread_rwlock_wrlock: "lock",
  pthread_mutex_unlock: "unlock", pthread_spin_unlock: "unlock",
  pthread_rwlock_unlock: "unlock", mtx_unlock: "unlock",
  pthread_mutex_trylock: "try", pthread_spin_trylock: "try",
  mtx_trylock: "try", sem_trywait: "try",
  pthread_cond_wait: "wait", pthread_cond_timedwait: "wait",
  cnd_wait: "wait", cnd_timedwait: "wait",
  pthread_cond_signal: "signal", cnd_signal: "signal",
  pthread_cond_broadcast: "broadcast", cnd_broadcast: "broadcast",
  pthread_join: "join", thrd_join: "join",
  pthread_barrier_wait: "barrier", sem_wait: "take", sem_post: "post",
  sched_yield: "yield", thrd_yield: "yield", usleep: "yield",
  nanosleep: "yield", thrd_sleep: "yield"
};

def role:
  roles[.] // if test("^(atomic_(?!init|is_lock)|__atomic_|__sync_)")
    then "atomic" else null end;

# A place in the file itself: of a macro's argument where it is written, of
# anything else in a macro where the macro is named.
def place:
  if .expansionLoc == null then .
  elif .expansionLoc.isMacroArgExpansion
    and (.spellingLoc.includedFrom | not) and .spellingLoc.offset
  then .spellingLoc
  else .expansionLoc end;

def from: .range.begin | place | .offset;

# The end of a node; a macro with arguments reaches to its last bracket.
def to($text; $codes):
  (.range.end | place) as $last
  | ($last.offset + $last.tokLen) as $to
  | after_space($text; $to) as $next
  | if .range.end.expansionLoc != null and $text[$next:$next + 1] == "("
    then arguments($codes; $next).to
    else $to end;

# A statement reaches over its semicolon.
def statement($text; $codes):
  to($text; $codes) as $to
  | after_space($text; $to) as $next
  | {kind, from: from,
     to: (if .kind != "DeclStmt" and $text[$next:$next + 1] == ";"
          then $next + 1 else $to end)}
  | .text = $text[.from:.to];

def callee: first(.inner[0] | .. | objects | .referencedDecl.name // empty);

# Every node below, with the block and the statement in it that it is in.
def walk_in($at):
  {node: ., at: $at},
  (if .kind == "CompoundStmt" then
     (.id) as $block
     | (.inner // []) as $inner
     | range($inner | length) as $i
     | $inner[$i] | walk_in({block: $block, place: $i})
   else .inner[]? | walk_in($at) end);

def is_atomic_type: .type | (.desugaredQualType // .qualType // "")
  | test("^(volatile )?_Atomic\\(");

def site($text; $codes):
  .at as $at
  | .node
  | from as $from
  | (name_at($text; $from) // "") as $name
  | after_space($text; $from + ($name | length)) as $open
  | ($name | role) as $role
  | if $role and $text[$open:$open + 1] == "(" then
      {name: $name, role: $role, from: $from} + $at
      + arguments($codes; $open)
      | .args |= map(.from = after_space($text; .from)
          | . + {text: ($text[.from:.to] | squeeze)})
    elif .kind == "CallExpr" and (callee | role) then {skipped: true}
    else empty end;

# An atomic variable changed with an operator, not with a call.
def update($text; $codes):
  .node
  | select((.kind == "UnaryOperator" and (.opcode | test("^(\\+\\+|--)$")))
      or .kind == "CompoundAssignOperator")
  | select(.inner[0] | is_atomic_type)
  | select(.range.begin.expansionLoc == null)
  | (.inner[0] | $text[from:to($text; $codes)]) as $what
  | {from: from, to: to($text; $codes), what: $what,
     sign: .opcode[:1],
     by: (if .inner[1] then .inner[1] | $text[from:to($text; $codes)]
          else "1" end)};

# A loop, and what it waits with.
def loop($text; $codes):
  .node
  | select(.kind == "WhileStmt" or .kind == "DoStmt")
  | .kind as $kind
  | {kind: $kind, from: from,
     reach: (if $kind == "DoStmt" then . else .inner[0] end
       | to($text; $codes)),
     names: [.. | objects | select(.kind == "CallExpr"
       or .kind == "AtomicExpr") | name_at($text; from)] | unique}
    + (if $kind == "DoStmt" then .inner[1] | {condition: {from: from,
         to: to($text; $codes)}} else {} end)
  | select(.names | any(.[]; . != null and
      (role | . != null and . != "lock" and . != "unlock")));

def function($text; $codes):
  (.inner[] | select(.kind == "CompoundStmt")) as $body
  | [$body | walk_in({})] as $nodes
  | [$nodes[] | select(.node.kind == "CompoundStmt") | .node
      | {key: .id, value: [.inner[]? | statement($text; $codes)]}]
    | from_entries
  | . as $blocks
  | [$nodes[] | select(.node.kind == "CallExpr" or .node.kind == "AtomicExpr")
      | site($text; $codes)] as $sites
  | $body
  | from as $open
  | {blocks: $blocks, body: ($open + 1),
     updates: [$nodes[] | update($text; $codes)],
     loops: [$nodes[] | loop($text; $codes)],
     skipped: ([$sites[] | select(.skipped)] | length),
     sites: ([$sites[] | select(.skipped | not)] | unique_by(.from))}
  # A statement is moved when it is a call, or keeps what a call returned.
  | .blocks as $blocks | .sites as $all
  | .sites |= map(.block as $block | .place as $place
      | . + {plain: ($block != null and ($blocks[$block][$place].kind
          | test("^(CallExpr|AtomicExpr|CStyleCastExpr|BinaryOperator|ImplicitCastExpr)$"))
          and ([$all[] | select(.block == $block and .place == $place)]
            | length == 1))});

# Of the functions of the file itself that have a body.
def functions($text):
  ($text | explode) as $codes
  | [.inner[]
     | select(.kind == "FunctionDecl")
     | select(.loc | place | .offset and (.includedFrom | not))
     | select([.inner[]? | .kind] | index("CompoundStmt"))
     | {name, from: from} + function($text; $codes)];
