// Where a program touches memory without a hook of -fsanitize=thread.
//
// Compilers leave some accesses out (the constructs are in gaps.md), and an
// access that is not announced is one whose races nobody sees. Reads the
// machine code, as compiled with -O0: an access that is not to the function's
// own frame must stand in one basic block with the hooks that announce it.
// x86-64 only.
#ifndef RL_EXPLORE_GAPS_H
#define RL_EXPLORE_GAPS_H

#include <stdbool.h>

struct gap {
    const char *file; // as the compiler was given it; NULL for a function that
                      // was built without hooks altogether
    int line;         // 0 where there is none
    const char *function;
    bool write;
    // A variable of the function itself whose address it has given away: it
    // matters only where another thread touches that stack.
    bool frame;
};

// Called for each place, in the order of addresses; a line once for reads and
// once for writes. The strings live until the call returns.
typedef void gaps_say(void *ctx, const struct gap *gap);

// The number of places said, or -1 with a reason in `why` when the code cannot
// be judged: then nothing may be concluded from silence.
int gaps_find(const char *binary, gaps_say *say, void *ctx, char *why,
              unsigned size);

#endif
