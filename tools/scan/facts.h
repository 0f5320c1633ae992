/*
 * What a program uses that some detector is known to misunderstand: the
 * ground on which tools/lib/judge.jq decides.
 */
#ifndef RL_SCAN_FACTS_H
#define RL_SCAN_FACTS_H

#include <jansson.h>
#include <stdbool.h>

struct facts {
    bool atomics; /* C11, __atomic or __sync */
    bool weak;    /* with an order below seq_cst */
    bool fences;
    bool flags; /* atomic_flag */
    bool once, pipes, trylock, c11, reentrant, signals, processes;
};

/* Takes note of a word of the program's. */
void facts_note(struct facts *facts, const char *word);
/* {"type":"facts","atomics":true,...} */
json_t *facts_json(const struct facts *facts);

#endif
