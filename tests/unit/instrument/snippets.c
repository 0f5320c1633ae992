// One snippet for each construct of C that touches memory.
//
// Compiled with the flags of the explorer's flavour. An access that no hook
// announces is a line of the output. R and W take an lvalue of shared memory.

#include "watch.h"

#include <complex.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct s4 {
    int x;
};
struct s8 {
    int x, y;
};
struct s12 {
    int x, y, z;
};
struct s16 {
    long x, y;
};
struct s24 {
    long x, y, z;
};
struct s100 {
    char c[100];
};
struct two_doubles {
    double x, y;
};
struct bits {
    unsigned a : 3, b : 7, c : 22;
};
struct __attribute__((packed)) packed {
    char c;
    int x;
    long y;
    struct s24 s;
};
struct nested {
    int n;
    struct s24 in[2];
};
struct with_array {
    int n, tail[6];
};
struct with_long_double {
    long double x;
};
union either {
    int i;
    double d;
    char c[12];
};
typedef int vec4 __attribute__((vector_size(16)));

static int *volatile pointer_to_x;
static int x, y, flag = 1, numbers[8];
static char c;
static signed char sc;
static short sh;
static long l;
static long long ll;
static _Bool bo;
static enum { RED, BLUE } color;
static float f;
static double d;
static long double ld;
static float complex fc;
static double complex dc;
static long double complex ldc;
static __int128 i128;
static __float128 f128;
static vec4 vec;
static struct s4 s4, t4;
static struct s8 s8, t8;
static struct s12 s12, t12;
static struct s16 s16, t16;
static struct s24 s24, t24, many[4];
static struct s100 s100, t100;
static struct two_doubles dd;
static struct bits bits, bits2;
static struct packed packed;
static struct nested nested;
static struct with_array array, array2;
static struct with_long_double sld;
static union either either, either2;
static volatile int vi;
static volatile struct s24 vs24;
static const int constant = 7;
static _Thread_local int own;
static int (*function)(int);
static char text[16];
static struct s24 *volatile place;
static int *volatile first;
static long double *pld = &ld;
static _Atomic unsigned char a8;
static _Atomic unsigned short a16;
static _Atomic unsigned a32;
static _Atomic unsigned long a64;
static _Atomic(int *) ap;
static atomic_flag af;

static void take_int(int v)
{
    (void)v;
}
static void take4(struct s4 s)
{
    (void)s;
}
static void take8(struct s8 s)
{
    (void)s;
}
static void take12(struct s12 s)
{
    (void)s;
}
static void take16(struct s16 s)
{
    (void)s;
}
static void take24(struct s24 s)
{
    (void)s;
}
static void take100(struct s100 s)
{
    (void)s;
}
static void take_dd(struct two_doubles s)
{
    (void)s;
}
static void take_ld(long double v)
{
    (void)v;
}
static void take_dc(double complex v)
{
    (void)v;
}
static void take_union(union either u)
{
    (void)u;
}
static void take_many(int n, ...)
{
    va_list args;
    struct s24 s;

    va_start(args, n);
    s = va_arg(args, struct s24);
    (void)s;
    va_end(args);
}
static int give_int(void)
{
    return 1;
}
static struct s4 give4(void)
{
    return (struct s4){1};
}
static struct s8 give8(void)
{
    return (struct s8){1, 2};
}
static struct s12 give12(void)
{
    return (struct s12){1, 2, 3};
}
static struct s16 give16(void)
{
    return (struct s16){1, 2};
}
static struct s24 give24(void)
{
    return (struct s24){1, 2, 3};
}
static struct s100 give100(void)
{
    return (struct s100){{1}};
}
static struct two_doubles give_dd(void)
{
    return (struct two_doubles){1, 2};
}
static double complex give_dc(void)
{
    return 1;
}
static union either give_union(void)
{
    return (union either){.i = 1};
}
static struct s4 return4(void)
{
    return s4;
}
static struct s16 return16(void)
{
    return s16;
}
static struct s24 return24(void)
{
    return s24;
}
static struct s100 return100(void)
{
    return s100;
}
static void take_escaping(struct s24 v)
{
    place = &v;
    x = (int)v.y;
}
static int same(int v)
{
    return v;
}

#define R(lvalue) must_read((const void *)&(lvalue), sizeof(lvalue))
#define W(lvalue) must_write((const void *)&(lvalue), sizeof(lvalue))

struct snippet {
    const char *name;
    void (*run)(void), (*must)(void);
};

// What must be announced stands first, as statements in parentheses; then what
// the snippet does.
#define STRIP(...) __VA_ARGS__
#define SNIPPET(name, must, ...)                                               \
    static void do_##name(void)                                                \
    {                                                                          \
        __VA_ARGS__;                                                           \
    }                                                                          \
    __attribute__((no_sanitize("thread"))) static void owed_by_##name(void)    \
    {                                                                          \
        STRIP must;                                                            \
    }                                                                          \
    static const struct snippet snippet_##name                                 \
        __attribute__((section("snippets"), used, aligned(8))) = {             \
            #name, do_##name, owed_by_##name};

SNIPPET(read, (R(x)), int v = x; (void)v)
SNIPPET(write, (W(x)), x = 1)
SNIPPET(add_to, (R(x); W(x)), x += 1)
SNIPPET(increment, (R(x); W(x)), x++)
SNIPPET(decrement_before, (R(x); W(x)), --x)
SNIPPET(shift, (R(x); W(x)), x <<= 1)
SNIPPET(copy, (R(x); W(y)), y = x)
SNIPPET(chain, (W(x); W(y)), x = y = 3)
SNIPPET(condition, (R(x); W(y)), if (x) y = 1)
SNIPPET(loop, (R(x)), while (x) x = 0)
SNIPPET(loop_for, (R(numbers[0])), for (int i = 0; i < numbers[0]; i++) y = i)
SNIPPET(
    switch_on, (R(x)), switch (x) {
case 1:
    y = 2;
default:;
    })
SNIPPET(and_then, (R(flag); R(x); W(y)), y = flag && x)
SNIPPET(ternary, (R(flag); R(x); W(y)), y = flag ? x : l)
SNIPPET(ternary_struct, (R(flag); R(s24); W(t24)), t24 = flag ? s24 : many[0])
SNIPPET(ternary_address, (R(flag); W(x)), *(flag ? &x : &y) = 1)
SNIPPET(comma, (R(l); W(y)), y = (x, l))
SNIPPET(statement_expression, (R(x); W(y)), y = ({
                                                int v = x;
                                                v;
                                            }))
SNIPPET(argument, (R(x)), take_int(x))
SNIPPET(result, (W(x)), x = give_int())
SNIPPET(call_through, (R(function); W(y)), y = function(1))
SNIPPET(deref, (W(x)), *pointer_to_x = 1)
SNIPPET(deref_read, (R(x); W(y)), y = *pointer_to_x)
SNIPPET(index, (R(numbers[2]); W(numbers[3])), numbers[3] = numbers[2])
SNIPPET(index_variable, (R(y)), numbers[y & 7] += 2)
SNIPPET(post_increment, (W(numbers[0])), int *p = numbers; *p++ = 1)
SNIPPET(character, (W(c); R(c); W(sc)), c = 1; sc = c)
SNIPPET(short_int, (R(sh); W(sh)), sh = sh + 1)
SNIPPET(long_int, (R(l); W(l); W(ll)), l = l + 1; ll = l)
SNIPPET(boolean, (R(bo); W(bo)), bo = !bo)
SNIPPET(enumeration, (W(color); R(color)), color = BLUE; y = color)
SNIPPET(single, (R(f); W(f)), f = f * 2)
SNIPPET(number, (R(d); R(x); W(d)), d = d + x)
SNIPPET(number_to_int, (R(d); W(x)), x = (int)d)
SNIPPET(long_double_read, (R(ld)), long double v = ld; (void)v)
SNIPPET(long_double_write, (W(ld)), ld = 1)
SNIPPET(long_double_add, (R(ld); W(ld)), ld += 1)
SNIPPET(long_double_argument, (R(ld)), take_ld(ld))
SNIPPET(long_double_pointer, (W(ld)), *pld = 2)
SNIPPET(long_double_of_int, (R(x)), long double v = x; (void)v)
SNIPPET(int_of_long_double, (R(ld); W(x)), x = (int)ld)
SNIPPET(long_double_struct, (R(sld)), struct with_long_double v = sld; (void)v)
SNIPPET(complex_single, (R(fc); W(fc)), fc = fc + 1)
SNIPPET(complex_double, (R(dc); W(dc)), dc = dc * 2)
SNIPPET(complex_part, (R(__real__ dc)), d = creal(dc); __imag__ dc = 1)
SNIPPET(complex_argument, (R(dc)), take_dc(dc))
SNIPPET(complex_result, (W(dc)), dc = give_dc())
SNIPPET(complex_long_double, (R(ldc); W(ldc)), ldc = ldc + 1)
SNIPPET(int128, (R(i128); W(i128)), i128 += 1)
SNIPPET(float128, (R(f128); W(f128)), f128 = f128 + 1)
SNIPPET(vector, (R(vec); W(vec)), vec = vec + vec)
SNIPPET(vector_element, (must_read((char *)&vec + 8, 4); W(x)), vec[1] = 2;
        x = vec[2])
SNIPPET(bits_read, (), unsigned v = bits.b; (void)v)
SNIPPET(bits_write, (), bits.b = 5)
SNIPPET(bits_copy, (R(bits); W(bits2)), bits2 = bits)
SNIPPET(member, (R(s24.z); W(s24.y)), s24.y = s24.z)
SNIPPET(member_of_nested, (W(nested.in[1].z)), nested.in[1].z = 1)
SNIPPET(member_through, (R(s24.y); W(s24.x)), struct s24 *p = &s24; p->x = p->y)
SNIPPET(union_member, (W(either.d); R(either.i)), either.d = 1; x = either.i)
SNIPPET(union_copy, (R(either); W(either2)), either2 = either)
SNIPPET(struct4_copy, (R(s4); W(t4)), t4 = s4)
SNIPPET(struct8_copy, (R(s8); W(t8)), t8 = s8)
SNIPPET(struct12_copy, (R(s12); W(t12)), t12 = s12)
SNIPPET(struct16_copy, (R(s16); W(t16)), t16 = s16)
SNIPPET(struct24_copy, (R(s24); W(t24)), t24 = s24)
SNIPPET(struct100_copy, (R(s100); W(t100)), t100 = s100)
SNIPPET(struct_to_local, (R(s24)), struct s24 v = s24; (void)v)
SNIPPET(struct_from_local, (W(s24)), struct s24 v = {1, 2, 3}; s24 = v)
SNIPPET(struct_through, (R(t24); W(s24)), struct s24 *p = &s24, *q = &t24;
        *p = *q)
SNIPPET(struct_in_array, (R(many[2]); W(many[1])), many[1] = many[2])
SNIPPET(struct_nested_copy, (R(nested.in[1]); W(nested.in[0])),
        nested.in[0] = nested.in[1])
SNIPPET(struct_with_array, (R(array); W(array2)), array2 = array)
SNIPPET(struct_volatile, (R(vs24)), t24 = *(struct s24 *)&vs24)
SNIPPET(struct4_argument, (R(s4)), take4(s4))
SNIPPET(struct8_argument, (R(s8)), take8(s8))
SNIPPET(struct12_argument, (R(s12)), take12(s12))
SNIPPET(struct16_argument, (R(s16)), take16(s16))
SNIPPET(struct24_argument, (R(s24)), take24(s24))
SNIPPET(struct100_argument, (R(s100)), take100(s100))
SNIPPET(doubles_argument, (R(dd)), take_dd(dd))
SNIPPET(union_argument, (R(either)), take_union(either))
SNIPPET(struct_argument_through, (R(s24)), struct s24 *p = &s24; take24(*p))
SNIPPET(struct_variable_argument, (R(s24)), take_many(1, s24))
SNIPPET(struct4_result, (W(s4)), s4 = give4())
SNIPPET(struct8_result, (W(s8)), s8 = give8())
SNIPPET(struct12_result, (W(s12)), s12 = give12())
SNIPPET(struct16_result, (W(s16)), s16 = give16())
SNIPPET(struct24_result, (W(s24)), s24 = give24())
SNIPPET(struct100_result, (W(s100)), s100 = give100())
SNIPPET(doubles_result, (W(dd)), dd = give_dd())
SNIPPET(union_result, (W(either)), either = give_union())
SNIPPET(struct_result_through, (W(s24)), struct s24 *p = &s24; *p = give24())
SNIPPET(struct4_returned, (R(s4)), struct s4 v = return4(); (void)v)
SNIPPET(struct16_returned, (R(s16)), struct s16 v = return16(); (void)v)
SNIPPET(struct24_returned, (R(s24)), struct s24 v = return24(); (void)v)
SNIPPET(struct100_returned, (R(s100)), struct s100 v = return100(); (void)v)
SNIPPET(struct_member_of_result, (W(x)), x = give8().y)
SNIPPET(literal, (W(s24)), s24 = (struct s24){1, 2, 3})
SNIPPET(literal_zero, (W(s100)), s100 = (struct s100){{0}})
SNIPPET(literal_of_shared, (R(x); R(y); W(s8)), s8 = (struct s8){x, y})
SNIPPET(literal_argument, (R(x)), take8((struct s8){x, 1}))
SNIPPET(initialiser, (R(x); R(y)), int v[2] = {x, y}; (void)v)
SNIPPET(packed_member, (R(packed.x); W(packed.x)), packed.x = packed.x + 1)
SNIPPET(packed_struct, (R(packed.s); W(s24)), s24 = packed.s)
SNIPPET(unaligned, (must_write(text + 1, 4)), *(int *)(text + 1) = 5)
SNIPPET(volatile_read, (R(vi)), int v = vi; (void)v)
SNIPPET(volatile_write, (W(vi)), vi = 2)
SNIPPET(volatile_add, (R(vi); W(vi)), vi += 2)
SNIPPET(thread_local, (R(x); W(own)), int *p = &own; *p = x)
SNIPPET(through_cast, (W(d)), *(long *)&d = 1)
SNIPPET(escaped_local, (R(x)), int v = 0; pointer_to_x = &v; v = x;
        pointer_to_x = &x)
SNIPPET(escaped_struct, (R(place->z); W(place->y)), struct s24 v = {0};
        place = &v; x = (int)v.z; v.y = 1)
SNIPPET(escaped_array, (R(first[2]); W(first[3])), int v[8] = {0}; first = v;
        x = v[2]; v[3] = 1)
SNIPPET(escaped_array_variable, (R(first[2]); W(first[2])), int v[8] = {0};
        int i = 2; first = v; v[i] += 1)
SNIPPET(escaped_whole, (R(*place)), struct s24 v = {0}; place = &v; t24 = v)
SNIPPET(escaped_argument, (R(*place)), struct s24 v = {0}; place = &v;
        take24(v))
SNIPPET(escaped_result, (W(*place)), struct s24 v; place = &v; v = give24())
SNIPPET(escaped_parameter, (R(s24); R(place->y)), take_escaping(s24))
SNIPPET(string, (W(text[1])), strcpy(text, "abc"); text[1] = 'x')
SNIPPET(memory_copy, (R(s24); W(t24)), memcpy(&t24, &s24, sizeof s24))
SNIPPET(memory_set, (W(s24)), memset(&s24, 0, sizeof s24))
SNIPPET(builtin_copy, (R(s24); W(t24)),
        __builtin_memcpy(&t24, &s24, sizeof s24))
SNIPPET(builtin_set, (W(s24)), __builtin_memset(&s24, 0, sizeof s24))
SNIPPET(builtin_overflow, (R(x); W(y)), __builtin_add_overflow(x, 1, &y))
SNIPPET(atomic8, (R(a8); W(a8)), a8++; a8 = 1; c = (char)a8)
SNIPPET(atomic16, (R(a16); W(a16)), a16++; a16 = 1; sh = (short)a16)
SNIPPET(atomic32, (R(a32); W(a32)), a32++; a32 = 1; x = (int)a32)
SNIPPET(atomic64, (R(a64); W(a64)), a64++; a64 = 1; l = (long)a64)
SNIPPET(atomic_pointer, (R(ap); W(ap)), ap = &x; pointer_to_x = ap)
SNIPPET(atomic_set_flag, (R(af); W(af)), atomic_flag_test_and_set(&af))
SNIPPET(atomic_exchange, (R(a32); W(a32)), atomic_exchange(&a32, 2))
SNIPPET(atomic_compare, (R(a32); W(a32)), unsigned want = 2;
        atomic_compare_exchange_strong(&a32, &want, 3))
SNIPPET(atomic_sync, (R(x); W(x)), __sync_fetch_and_add(&x, 1))
SNIPPET(atomic_builtin, (R(x); W(x)), __atomic_store_n(&x, 1, __ATOMIC_RELEASE);
        y = __atomic_load_n(&x, __ATOMIC_ACQUIRE))
SNIPPET(assembly_read, (R(x)), int v; __asm__("movl %1, %0"
                                              : "=r"(v)
                                              : "m"(x));
        (void)v)
SNIPPET(assembly_write, (W(x)), __asm__("movl $1, %0" : "=m"(x)))
SNIPPET(assembly_register, (R(x); W(x)), __asm__("incl %0" : "+r"(x)))
SNIPPET(assembly_address, (W(x)), __asm__("movl $1, (%0)" ::"r"(&x) : "memory"))

extern const struct snippet __start_snippets[], __stop_snippets[];

int main(void)
{
    pointer_to_x = &x;
    function = same;
    (void)constant;
    for (const struct snippet *s = __start_snippets; s < __stop_snippets; s++) {
        watch_begin();
        s->run();
        s->must();
        watch_end(s->name);
    }
    return 0;
}
