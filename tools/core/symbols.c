/*
 * Address to name with libdw. Units are walked one by one rather than through
 * .debug_aranges, which clang does not write. Programs here are small: no
 * index is kept.
 */
#include "symbols.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct symbols {
    int fd;
    Elf *elf;
    Dwarf *dwarf; /* NULL: no debug information */
};

static void fail(char *error, size_t size, const char *what, const char *why)
{
    if (error && size)
        snprintf(error, size, "%s: %s", what, why);
}

struct symbols *symbols_open(const char *binary, char *error, size_t size)
{
    struct symbols *s = calloc(1, sizeof *s);

    if (!s) {
        fail(error, size, binary, "out of memory");
        return NULL;
    }
    elf_version(EV_CURRENT);
    s->fd = open(binary, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0) {
        fail(error, size, binary, "cannot be read");
        goto out;
    }
    s->elf = elf_begin(s->fd, ELF_C_READ_MMAP, NULL);
    if (!s->elf || elf_kind(s->elf) != ELF_K_ELF) {
        fail(error, size, binary, "is not an ELF binary");
        goto out;
    }
    s->dwarf = dwarf_begin_elf(s->elf, DWARF_C_READ, NULL);
    return s;
out:
    symbols_close(s);
    return NULL;
}

void symbols_close(struct symbols *s)
{
    if (!s)
        return;
    if (s->dwarf)
        dwarf_end(s->dwarf);
    if (s->elf)
        elf_end(s->elf);
    if (s->fd >= 0)
        close(s->fd);
    free(s);
}

const char *symbols_base(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;

    return slash ? slash + 1 : path;
}

/* Steps through the compile units; start with *unit = NULL. */
static bool next_unit(struct symbols *s, Dwarf_CU **unit, Dwarf_Die *die)
{
    Dwarf_Half version;
    uint8_t type;

    while (s->dwarf && dwarf_get_units(s->dwarf, *unit, unit, &version, &type,
                                       die, NULL) == 0) {
        if (type == DW_UT_compile || type == DW_UT_skeleton)
            return true;
    }
    return false;
}

static bool unit_of(struct symbols *s, uint64_t pc, Dwarf_Die *die)
{
    Dwarf_CU *unit = NULL;

    while (next_unit(s, &unit, die)) {
        if (dwarf_haspc(die, pc) > 0)
            return true;
    }
    return false;
}

/* The first function among scopes; false if there is none. */
static bool first_function(Dwarf_Die *scopes, int n, Dwarf_Die *function)
{
    for (int i = 0; i < n; i++) {
        int tag = dwarf_tag(&scopes[i]);

        if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) {
            *function = scopes[i];
            return true;
        }
    }
    return false;
}

static bool function_at(Dwarf_Die *unit, uint64_t pc, Dwarf_Die *function)
{
    Dwarf_Die *scopes = NULL;
    int n = dwarf_getscopes(unit, pc, &scopes);
    bool found = first_function(scopes, n, function);

    if (n > 0)
        free(scopes);
    return found;
}

typedef bool symbol_test(const char *name, const GElf_Sym *symbol, void *arg);

/* Calls test for each defined symbol until it says true. */
static bool each_symbol(struct symbols *s, symbol_test *test, void *arg)
{
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while ((section = elf_nextscn(s->elf, section))) {
        Elf_Data *data;
        size_t count;

        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB ||
            !header.sh_entsize || !(data = elf_getdata(section, NULL)))
            continue;
        count = header.sh_size / header.sh_entsize;
        for (size_t i = 0; i < count; i++) {
            GElf_Sym symbol;
            const char *name;

            if (!gelf_getsym(data, (int)i, &symbol) ||
                symbol.st_shndx == SHN_UNDEF)
                continue;
            name = elf_strptr(s->elf, header.sh_link, symbol.st_name);
            if (name && *name && test(name, &symbol, arg))
                return true;
        }
    }
    return false;
}

struct covering {
    uint64_t address;
    int type;
    const char *name;
    uint64_t offset;
};

static bool covers(const char *name, const GElf_Sym *symbol, void *arg)
{
    struct covering *c = arg;

    if (GELF_ST_TYPE(symbol->st_info) != c->type ||
        c->address < symbol->st_value ||
        c->address - symbol->st_value >= symbol->st_size)
        return false;
    c->name = name;
    c->offset = c->address - symbol->st_value;
    return true;
}

bool symbols_place(struct symbols *s, uint64_t pc, struct symbols_place *p)
{
    struct covering c = {.address = pc, .type = STT_FUNC};
    Dwarf_Die unit;
    Dwarf_Die function;

    memset(p, 0, sizeof *p);
    if (unit_of(s, pc, &unit)) {
        Dwarf_Line *line = dwarf_getsrc_die(&unit, pc);

        if (line) {
            p->file = dwarf_linesrc(line, NULL, NULL);
            dwarf_lineno(line, &p->line);
            dwarf_linecol(line, &p->column);
        }
        if (function_at(&unit, pc, &function))
            p->function = dwarf_diename(&function);
    }
    if (!p->function && each_symbol(s, covers, &c))
        p->function = c.name;
    return p->file || p->function;
}

static bool number(Dwarf_Die *die, unsigned name, uint64_t *value)
{
    Dwarf_Attribute attr;
    Dwarf_Word word;

    if (!dwarf_attr_integrate(die, name, &attr) ||
        dwarf_formudata(&attr, &word) != 0)
        return false;
    *value = word;
    return true;
}

bool symbols_inlined_at(struct symbols *s, uint64_t pc, struct symbols_place *p)
{
    Dwarf_Die unit;
    Dwarf_Die inlined;
    Dwarf_Die outer;
    Dwarf_Die *scopes = NULL;
    Dwarf_Files *files;
    uint64_t file;
    uint64_t line;
    int n;

    memset(p, 0, sizeof *p);
    if (!unit_of(s, pc, &unit) || !function_at(&unit, pc, &inlined) ||
        dwarf_tag(&inlined) != DW_TAG_inlined_subroutine ||
        !number(&inlined, DW_AT_call_line, &line) ||
        !number(&inlined, DW_AT_call_file, &file) ||
        dwarf_getsrcfiles(&unit, &files, NULL) != 0)
        return false;
    p->line = (int)line;
    p->file = dwarf_filesrc(files, file, NULL, NULL);
    n = dwarf_getscopes_die(&inlined, &scopes);
    if (n > 1 && first_function(scopes + 1, n - 1, &outer))
        p->function = dwarf_diename(&outer);
    if (n > 0)
        free(scopes);
    return true;
}

/* The type below qualifiers and typedefs. *opaque: it is one of the thread
 * objects, whose inside means nothing to a student. */
static bool peel(Dwarf_Die *type, bool *opaque)
{
    static const char *const ours[] = {"sem_t",     "mtx_t",  "cnd_t",
                                       "once_flag", "thrd_t", "tss_t"};

    for (;;) {
        int tag = dwarf_tag(type);
        const char *name = dwarf_diename(type);
        Dwarf_Attribute attr;

        if (tag != DW_TAG_typedef && tag != DW_TAG_const_type &&
            tag != DW_TAG_volatile_type && tag != DW_TAG_atomic_type &&
            tag != DW_TAG_restrict_type)
            return true;
        if (tag == DW_TAG_typedef && name) {
            if (strncmp(name, "pthread_", 8) == 0)
                *opaque = true;
            for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
                if (strcmp(name, ours[i]) == 0)
                    *opaque = true;
            }
        }
        if (!dwarf_formref_die(dwarf_attr_integrate(type, DW_AT_type, &attr),
                               type))
            return false;
    }
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attr;

    return dwarf_attr_integrate(die, DW_AT_type, &attr) &&
           dwarf_formref_die(&attr, type);
}

static uint64_t size_of(Dwarf_Die *type)
{
    Dwarf_Word size = 0;

    return dwarf_aggregate_size(type, &size) == 0 ? size : 0;
}

static uint64_t member_offset(Dwarf_Die *member)
{
    uint64_t value = 0;

    if (number(member, DW_AT_data_member_location, &value))
        return value;
    if (number(member, DW_AT_data_bit_offset, &value))
        return value / 8;
    return 0;
}

static void add(char *name, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add(char *name, size_t size, const char *format, ...)
{
    size_t used = strlen(name);
    va_list args;

    va_start(args, format);
    vsnprintf(name + used, size - used, format, args);
    va_end(args);
}

/* The member of a struct or union that holds offset: moves type and offset
 * to it and adds its name. */
static bool enter_member(Dwarf_Die *type, uint64_t *offset, char *name,
                         size_t size)
{
    Dwarf_Die member;
    Dwarf_Die inner;

    if (dwarf_child(type, &member) != 0)
        return false;
    do {
        uint64_t start;

        if (dwarf_tag(&member) != DW_TAG_member || !type_of(&member, &inner))
            continue;
        start = member_offset(&member);
        if (*offset < start || *offset - start >= size_of(&inner))
            continue;
        if (dwarf_diename(&member))
            add(name, size, ".%s", dwarf_diename(&member));
        *offset -= start;
        *type = inner;
        return true;
    } while (dwarf_siblingof(&member, &member) == 0);
    return false;
}

/* Number of elements of one dimension; 0 if unknown. */
static uint64_t extent(Dwarf_Die *subrange)
{
    uint64_t value;

    if (number(subrange, DW_AT_count, &value))
        return value;
    if (number(subrange, DW_AT_upper_bound, &value))
        return value + 1;
    return 0;
}

static bool enter_element(Dwarf_Die *type, uint64_t *offset, char *name,
                          size_t size)
{
    uint64_t counts[8];
    size_t n = 0;
    Dwarf_Die child;
    Dwarf_Die element;
    uint64_t each;
    uint64_t index;

    if (!type_of(type, &element) || !(each = size_of(&element)) ||
        dwarf_child(type, &child) != 0)
        return false;
    do {
        if (dwarf_tag(&child) == DW_TAG_subrange_type && n < 8)
            counts[n++] = extent(&child);
    } while (dwarf_siblingof(&child, &child) == 0);

    index = *offset / each;
    for (size_t i = 0; i < n; i++) {
        uint64_t below = 1;

        for (size_t k = i + 1; k < n; k++)
            below *= counts[k] ? counts[k] : 1;
        add(name, size, "[%llu]", (unsigned long long)(index / below));
        index %= below;
    }
    *offset %= each;
    *type = element;
    return true;
}

static void describe(Dwarf_Die *variable, uint64_t offset, char *name,
                     size_t size)
{
    Dwarf_Die type;
    bool opaque = false;

    add(name, size, "%s", dwarf_diename(variable));
    if (!type_of(variable, &type))
        return;
    while (peel(&type, &opaque) && !opaque) {
        int tag = dwarf_tag(&type);
        bool inside = false;

        if (tag == DW_TAG_structure_type || tag == DW_TAG_union_type)
            inside = enter_member(&type, &offset, name, size);
        else if (tag == DW_TAG_array_type)
            inside = enter_element(&type, &offset, name, size);
        if (!inside)
            return;
    }
}

/* The fixed address of a variable, if it has one (not thread-local). */
static bool address_of(Dwarf_Die *variable, uint64_t *address)
{
    Dwarf_Attribute attr;
    Dwarf_Op *ops;
    size_t n;

    if (!dwarf_attr(variable, DW_AT_location, &attr) ||
        dwarf_getlocation(&attr, &ops, &n) != 0 || n != 1)
        return false;
    if (ops[0].atom == DW_OP_addr) {
        *address = ops[0].number;
        return true;
    }
    if (ops[0].atom == DW_OP_addrx || ops[0].atom == DW_OP_GNU_addr_index) {
        Dwarf_Attribute value;
        Dwarf_Addr resolved;

        if (dwarf_getlocation_attr(&attr, &ops[0], &value) == 0 &&
            dwarf_formaddr(&value, &resolved) == 0) {
            *address = resolved;
            return true;
        }
    }
    return false;
}

/* Looks among the children of die, and below them for static locals. */
static bool find_variable(Dwarf_Die *die, uint64_t address, char *name,
                          size_t size)
{
    Dwarf_Die child;

    if (dwarf_child(die, &child) != 0)
        return false;
    do {
        int tag = dwarf_tag(&child);
        uint64_t start;
        Dwarf_Die type;

        if (tag == DW_TAG_variable) {
            if (address_of(&child, &start) && address >= start &&
                dwarf_diename(&child) && type_of(&child, &type) &&
                address - start < size_of(&type)) {
                describe(&child, address - start, name, size);
                return true;
            }
        } else if (tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block) {
            if (find_variable(&child, address, name, size))
                return true;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

bool symbols_object(struct symbols *s, uint64_t address, char *name,
                    size_t size)
{
    struct covering c = {.address = address, .type = STT_OBJECT};
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;

    name[0] = '\0';
    while (next_unit(s, &unit, &die)) {
        if (find_variable(&die, address, name, size))
            return true;
    }
    if (!each_symbol(s, covers, &c))
        return false;
    if (c.offset)
        snprintf(name, size, "%s+%llu", c.name, (unsigned long long)c.offset);
    else
        snprintf(name, size, "%s", c.name);
    return true;
}

struct named {
    const char *name;
    uint64_t low, high;
};

static bool is_named(const char *name, const GElf_Sym *symbol, void *arg)
{
    struct named *n = arg;

    if (GELF_ST_TYPE(symbol->st_info) != STT_FUNC || strcmp(name, n->name) != 0)
        return false;
    n->low = symbol->st_value;
    n->high = symbol->st_size ? symbol->st_value + symbol->st_size : 0;
    return true;
}

bool symbols_function(struct symbols *s, const char *name, uint64_t *low,
                      uint64_t *high)
{
    struct named n = {.name = name};

    if (!each_symbol(s, is_named, &n))
        return false;
    *low = n.low;
    *high = n.high;
    return true;
}
