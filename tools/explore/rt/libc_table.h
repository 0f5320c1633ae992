// The table of functions that need no wrapper, of those that a run refuses,
// and of the words for hidden state. For the linker's side of the explorer
// and for the driver; nothing of it runs in the program.
#ifndef RL_LIBC_TABLE_H
#define RL_LIBC_TABLE_H

#include <stdbool.h>

// True when the function touches no memory of the program but its result, or
// only its own thread's, and what it does depends on no other thread.
bool libc_harmless(const char *name);

// For the symbol of a piece of hidden state ("libc_state_rand"): what a
// message calls it, and what to use instead; false for another symbol.
bool libc_state_words(const char *symbol, const char **name,
                      const char **instead);

#define LIBC_PROCESS "another process is not under control"
#define LIBC_WAITS "what it waits for is not under control"
#define LIBC_LATE "a signal that comes by itself is not under control"
#define LIBC_STACK "a stack of its own making is not under control"

// X(name, why)
#define LIBC_REFUSED(X)                                                        \
    X(_Fork, LIBC_PROCESS)                                                     \
    X(pclose, LIBC_PROCESS)                                                    \
    X(wait, LIBC_PROCESS)                                                      \
    X(waitpid, LIBC_PROCESS)                                                   \
    X(waitid, LIBC_PROCESS)                                                    \
    X(wait3, LIBC_PROCESS)                                                     \
    X(wait4, LIBC_PROCESS)                                                     \
    X(fexecve, LIBC_PROCESS)                                                   \
    X(ptrace, LIBC_PROCESS)                                                    \
    X(daemon, LIBC_PROCESS)                                                    \
    X(pipe, LIBC_WAITS)                                                        \
    X(pipe2, LIBC_WAITS)                                                       \
    X(mkfifo, LIBC_WAITS)                                                      \
    X(socket, LIBC_WAITS)                                                      \
    X(socketpair, LIBC_WAITS)                                                  \
    X(epoll_create, LIBC_WAITS)                                                \
    X(epoll_create1, LIBC_WAITS)                                               \
    X(inotify_init, LIBC_WAITS)                                                \
    X(inotify_init1, LIBC_WAITS)                                               \
    X(shmget, LIBC_PROCESS)                                                    \
    X(shmat, LIBC_PROCESS)                                                     \
    X(semget, LIBC_WAITS)                                                      \
    X(msgget, LIBC_WAITS)                                                      \
    X(setcontext, LIBC_STACK)                                                  \
    X(dlmopen, "code that is loaded later is not under control")               \
    X(dlsym, "code found by its name is not under control")                    \
    X(dlvsym, "code found by its name is not under control")                   \
    X(sbrk, "memory that malloc does not know")                                \
    X(brk, "memory that malloc does not know")                                 \
    X(pthread_attr_setstack, LIBC_STACK)                                       \
    X(vdprintf, "output by a list of arguments")                               \
    X(mremap, "memory that moves")                                             \
    X(fopencookie, "a stream made of functions")                               \
    X(open_memstream, "a stream into memory")                                  \
    X(fmemopen, "a stream into memory")                                        \
    X(setvbuf, "a stream with a buffer of the program's")                      \
    X(setbuf, "a stream with a buffer of the program's")                       \
    X(setbuffer, "a stream with a buffer of the program's")

#endif
