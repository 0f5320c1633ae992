/* names.c - which student a top-level name belongs to.
 *
 * Moodle      Name_12345_assignsubmission_file_         a folder
 *             Name_12345_assignsubmission_file_x.c      a file
 * Canvas      lastfirst_12345_67890_x.c, lastfirst_LATE_12345_67890_x-1.c
 * Gradescope  submission_123456, its people in submission_metadata.yml
 * otherwise   a folder, or an archive, named after the student
 */
#include "intake.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Length of the UTF-8 character at s, 0 when it is none (RFC 3629, table of
 * section 4). */
static size_t utf8_length(const unsigned char *s)
{
    size_t n;
    unsigned low = 0x80, high = 0xbf;

    if (s[0] < 0x80)
        return 1;
    else if (s[0] >= 0xc2 && s[0] <= 0xdf)
        n = 2;
    else if (s[0] >= 0xe0 && s[0] <= 0xef)
        n = 3;
    else if (s[0] >= 0xf0 && s[0] <= 0xf4)
        n = 4;
    else
        return 0;
    if (s[0] == 0xe0)
        low = 0xa0;
    else if (s[0] == 0xed)
        high = 0x9f;
    else if (s[0] == 0xf0)
        low = 0x90;
    else if (s[0] == 0xf4)
        high = 0x8f;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if (s[i] < 0x80 || s[i] > 0xbf)
            return 0;
    return n;
}

/* C1 controls, and what turns or hides the text around it. */
static bool is_hidden(const unsigned char *s, size_t n)
{
    if (n == 1)
        return s[0] < 0x20 || s[0] == 0x7f || s[0] == '\\';
    if (n == 2)
        return s[0] == 0xc2 && s[1] < 0xa0;
    if (n == 3 && s[0] == 0xe2 && s[1] == 0x80)
        return (s[2] >= 0x8b && s[2] <= 0x8f) || (s[2] >= 0xa8 && s[2] <= 0xae);
    if (n == 3 && s[0] == 0xe2 && s[1] == 0x81)
        return s[2] >= 0xa0 && s[2] <= 0xaf;
    return n == 3 && s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf;
}

char *printable(const char *name)
{
    const unsigned char *s = (const unsigned char *)name;
    char *out = malloc(4 * strlen(name) + 1), *to = out;

    if (!out)
        fatal("no memory", NULL);
    while (*s) {
        size_t n = utf8_length(s);

        if (n && !is_hidden(s, n)) {
            memcpy(to, s, n);
            to += n;
            s += n;
            continue;
        }
        for (size_t i = 0; i < (n ? n : 1); i++)
            to += sprintf(to, "\\x%02X", *s++);
    }
    *to = '\0';
    return out;
}

static char *printable_part(const char *start, size_t length)
{
    char *part = strndup(start, length), *out;

    if (!part)
        fatal("no memory", NULL);
    out = printable(part);
    free(part);
    return out;
}

static size_t digits(const char *s)
{
    size_t n = strspn(s, "0123456789");

    return n <= 19 ? n : 0;
}

static void who_set(struct who *who, const char *platform, const char *key,
                    size_t key_length, size_t name_length, const char *id,
                    const char *file)
{
    who->platform = platform;
    who->key = printable_part(key, key_length);
    who->name = printable_part(key, name_length);
    who->id = printable_part(id, digits(id));
    who->file = *file ? strdup(file) : NULL;
    if (*file && !who->file)
        fatal("no memory", NULL);
}

static bool moodle(const char *name, struct who *who)
{
    static const char mark[] = "_assignsubmission_";
    const char *at = strstr(name, mark), *id = at, *kind;

    if (!at)
        return false;
    while (id > name && isdigit((unsigned char)id[-1]))
        id--;
    kind = strchr(at + strlen(mark), '_');
    if (id == at || id <= name + 1 || id[-1] != '_' || !digits(id) || !kind)
        return false;
    who_set(who, "moodle", name, (size_t)(at - name), (size_t)(id - 1 - name),
            id, kind + 1);
    return true;
}

/* Canvas calls a file that was handed in again x-1.c: in place. */
static void canvas_file(char *file)
{
    char *dot = strrchr(file, '.'), *dash = dot;

    if (!dot)
        return;
    while (dash > file && isdigit((unsigned char)dash[-1]))
        dash--;
    if (dash < dot && dot - dash <= 3 && dash > file + 1 && dash[-1] == '-')
        memmove(dash - 1, dot, strlen(dot) + 1);
}

static bool canvas(const char *name, struct who *who)
{
    const char *user = strchr(name, '_'), *file, *end = user;
    size_t n;

    if (!user || user == name)
        return false;
    who->late = strncasecmp(user, "_late_", 6) == 0;
    user += who->late ? 6 : 1;
    n = digits(user);
    if (!n || user[n] != '_')
        return false;
    file = user + n + 1;
    n = digits(file);
    if (!n || file[n] != '_' || !file[n + 1])
        return false;
    who_set(who, "canvas", name, (size_t)(end - name), (size_t)(end - name),
            user, file + n + 1);
    free(who->key);
    if (asprintf(&who->key, "%s_%s", who->name, who->id) < 0)
        fatal("no memory", NULL);
    canvas_file(who->file);
    return true;
}

static bool gradescope(const char *name, struct who *who)
{
    size_t n;

    if (strncmp(name, "submission_", 11) != 0)
        return false;
    n = digits(name + 11);
    if (!n || name[11 + n])
        return false;
    who_set(who, "gradescope", name, strlen(name), strlen(name), name + 11, "");
    return true;
}

bool who_from_name(const char *name, bool is_file, struct who *who)
{
    const char *dot = strrchr(name, '.');

    memset(who, 0, sizeof *who);
    if (moodle(name, who))
        return !is_file || who->file;
    if (is_file && canvas(name, who))
        return true;
    who->late = false;
    if (!is_file && gradescope(name, who))
        return true;
    if (is_file && (kind_of(name) != KIND_ARCHIVE || dot == name))
        return false;
    if (is_file) {
        /* ann.zip and ann.tar.gz are Ann's. */
        if (dot - name > 4 && strncasecmp(dot - 4, ".tar", 4) == 0)
            dot -= 4;
        who_set(who, "folder", name, (size_t)(dot - name), (size_t)(dot - name),
                "", name);
    } else {
        who_set(who, "folder", name, strlen(name), strlen(name), "", "");
    }
    return true;
}

void who_free(struct who *who)
{
    free(who->key);
    free(who->name);
    free(who->id);
    free(who->file);
}
