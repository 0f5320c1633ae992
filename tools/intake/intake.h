/* intake.h - a class's submissions, from a folder or an archive, to a clean
 * tree: STAGE/NUMBER/path, a folder a student, that holds regular .c and .h
 * files with printable UTF-8 names and nothing else.
 *
 * Every name and every byte of the input was chosen by somebody else.  What
 * cannot be taken becomes a problem, one line of text about one student or
 * about the whole class, and the rest is taken.
 */
#ifndef RL_INTAKE_H
#define RL_INTAKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What nobody needs for nine small programs, and a bomb does. */
enum {
    LIMIT_FILE = 1 << 20,          /* bytes of one source file */
    LIMIT_STUDENT_FILES = 200,     /* source files of one student */
    LIMIT_STUDENT_BYTES = 8 << 20, /* all of them */
    LIMIT_ENTRIES = 200000,        /* of all folders and archives together */
    LIMIT_NESTED_ENTRIES = 5000,   /* of a student's own archive */
    LIMIT_NESTED_BYTES = 32 << 20, /* such an archive, packed */
    LIMIT_RATIO = 200,             /* unpacked to packed, ... */
    LIMIT_RATIO_FROM = 1 << 20,    /* ... of what unpacks to more than this */
    LIMIT_ARCHIVES = 2,            /* an archive in a student's archive */
    LIMIT_NESTED_ARCHIVES = 50,    /* of one student */
    LIMIT_DEPTH = 16,              /* folders in folders */
    LIMIT_NAME = 200,              /* bytes of a name */
    LIMIT_STUDENTS = 20000,
    LIMIT_PROBLEMS = 20, /* told of one student; then they are counted */
};

struct student {
    char *key;  /* what identifies it in the input, printable, unique */
    char *name; /* as a person would write it, printable */
    char *id;   /* the platform's number, or "" */
    const char *platform;
    bool late;
    bool full;     /* a limit was reached: nothing more is taken */
    size_t number; /* its folder in the stage, from 1 */
    size_t files;
    uint64_t bytes;
    size_t archives; /* of its own that were opened */
    json_t *problems;
    size_t problem_count;
};

struct intake {
    int stage; /* folder, open */
    struct student **students;
    size_t student_count;
    struct student *last; /* found: entries of one student come together */
    size_t entries;
    json_t *problems; /* of the class */
    size_t problem_count;
    char *metadata; /* Gradescope's submission_metadata.yml, or NULL */
    char *wrapper;  /* a folder around the whole class, or NULL */
};

/* Where the bytes of a file come from: fills at most size bytes, returns how
 * many, 0 at the end, -1 with a text in *why. */
struct source {
    long (*read)(struct source *source, void *buffer, size_t size,
                 const char **why);
    void *from;
};

/* How the top-level names of learning platforms are made; see names.c. */
struct who {
    char *key, *name, *id; /* owned; printable */
    const char *platform;  /* folder, moodle, canvas or gradescope */
    bool late;
    char *file; /* the rest of the top-level name when it was a file */
};

/* NAME is a top-level name as it came; is_file says whether it is a file.
 * Returns false for a file that no student can be told from. */
bool who_from_name(const char *name, bool is_file, struct who *who);
void who_free(struct who *who);
/* Learns names from Gradescope's metadata (text, ended by NUL). */
void names_from_metadata(struct intake *in, char *text);

/* printable(NAME): new string; bytes that are no UTF-8, control characters
 * and backslashes become \xHH, so that different names stay different. */
char *printable(const char *name);

/* Is PATH refused: absolute, with "..", too long, too deep? Told, of s or of
 * the class. */
bool refuse(struct intake *in, struct student *s, const char *path);
/* New string: PATH, not refused, without empty and "." components, printable;
 * NULL where a component is one of the files that systems leave behind. */
char *tidy(const char *path);
/* The student of PATH, which is relative to the input, made when new.  NULL
 * when there is nothing to take.  *rest is the tidy path within the student's
 * folder, owned by the caller; "" for that folder itself. */
struct student *take_path(struct intake *in, const char *path, bool is_file,
                          char **rest);
struct student *student_of(struct intake *in, const struct who *who);

/* Is this a name worth opening? */
enum kind { KIND_OTHER, KIND_SOURCE, KIND_ARCHIVE };
enum kind kind_of(const char *name);
/* Does a name belong to a system rather than a person: __MACOSX, ._x, .git? */
bool is_litter(const char *component);

/* Writes STAGE/NUMBER/REST; problems are told. */
void stage_file(struct intake *in, struct student *s, const char *rest,
                struct source *source);
/* One more folder entry or archive entry; false beyond the limit (told). */
bool count_entry(struct intake *in, struct student *s);

/* s NULL: of the class.  path may be NULL; what: "cannot be read". */
void problem(struct intake *in, struct student *s, const char *path,
             const char *what, ...) __attribute__((format(printf, 4, 5)));
/* Our own machine failed: one line on stderr, exit 3. */
_Noreturn void fatal(const char *what, const char *path);

/* A folder around the whole class: look at every path of the input, or at
 * those of two levels, then ask. */
struct wrapper {
    char *top;    /* the first top-level name */
    char *folder; /* the last folder seen in it */
    size_t folders;
    bool single;                  /* there is no other, and it is a folder */
    bool platform, labs, sources; /* what stands in it */
};

void wrapper_begin(struct wrapper *w);
void wrapper_look(struct wrapper *w, const char *path, bool is_folder);
/* Its name, owned by w; NULL when there is none. */
const char *wrapper_found(const struct wrapper *w, bool archive);
void wrapper_end(struct wrapper *w);

/* The input as a folder (an open descriptor, consumed), or as an archive. */
void take_folder(struct intake *in, int folder);
void take_archive(struct intake *in, int file, uint64_t size);
/* A student's own archive: read whole from source, unpacked into the folder
 * REST without its ending. */
void take_nested(struct intake *in, struct student *s, const char *rest,
                 struct source *source, int depth);

#endif
