/*
 * Inside of the boxes: the ways in which a box is made, and what box.c needs
 * of each.
 */
#ifndef RL_INNER_H
#define RL_INNER_H

#include "box.h"
#include "wire.h"

enum { BOX_TASKS = 512, BOX_SCRATCH = 64 };

struct box {
    enum box_level level;
    struct box_options options;
    uid_t user;  /* (uid_t)-1: ours */
    pid_t first; /* bubblewrap, or the program itself */
    pid_t top;   /* all that runs is below */
    pid_t program;
    bool running;
    long told_ms; /* CPU time that was told already */
    int scratch;
    /* Namespaces: */
    int socket;
    struct wire message;
    bool over; /* an end has come that nobody has asked for yet */
    struct box_end end;
    /* Without: */
    int event;
    char prefix[64]; /* a folder of its own; "" inside namespaces */
};

/* A user that nobody else is: each process of ours that makes boxes takes
 * another, as far as they go round. (uid_t)-1 where we are not root. */
uid_t inner_user(void);

bool spaces_open(struct box *b, char *why, size_t size);
void spaces_close(struct box *b);
pid_t spaces_start(struct box *b, const struct box_job *job, int *error);
bool spaces_ended(struct box *b, struct box_end *end);
void spaces_signal(struct box *b, int signal);
int spaces_finish(struct box *b, long *cpu_ms);

bool direct_open(struct box *b, char *why, size_t size);
void direct_close(struct box *b);
pid_t direct_start(struct box *b, const struct box_job *job, int *error);
bool direct_ended(struct box *b, struct box_end *end);
void direct_signal(struct box *b, int signal);
int direct_finish(struct box *b, long *cpu_ms);

#endif
