# libexplore.a: the controlled runtime with the models and the strategies,
# linked into a program; explore.wraps: what the linker redirects to it.
EXPLORE_SRC := $(wildcard tools/explore/rt/*.c tools/explore/strategy/*.c)
EXPLORE_OBJS := $(EXPLORE_SRC:tools/explore/%.c=build/obj/explore/%.o)
# The program's registers are looked at to tell a loop that waits (loop.c): the
# runtime keeps its hands off those that a call preserves.
EXPLORE_FIXED := $(addprefix -ffixed-,$(if $(filter aarch64%,$(shell uname -m)),\
	x19 x20 x21 x22 x23 x24 x25 x26 x27 x28,rbx r12 r13 r14 r15))
EXPLORE_FIXED := $(shell $(CC) $(EXPLORE_FIXED) -x c -c /dev/null \
	-o /dev/null 2>/dev/null && echo $(EXPLORE_FIXED) -DRT_FIXED_REGISTERS)
EXPLORE_HEADERS := $(wildcard tools/explore/*/*.h)
TOOLS += build/lib/libexplore.a build/lib/explore.wraps

# Linked into a student's program, so our flags only.
$(EXPLORE_OBJS): build/obj/explore/%.o: tools/explore/%.c $(EXPLORE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE -fPIC -U_FORTIFY_SOURCE \
		-fno-stack-protector -fno-builtin-printf -gdwarf-4 $(EXPLORE_FIXED) -c -o $@ $<

# What the runtime calls itself is the real function, also where the compiler
# makes the call (memcpy): the linker redirects only the program's.
build/lib/libexplore.a: $(EXPLORE_OBJS) $(MODEL_OBJS)
	@mkdir -p $(@D)
	set -e; own=$$(mktemp -d build/obj/real.XXXXXX); \
	trap 'rm -rf "$$own"' EXIT; \
	nm -g --defined-only $^ | \
		sed -n 's/.* T __wrap_\(.*\)/\1 __real_\1/p' >"$$own/names"; \
	for o in $^; do objcopy --redefine-syms="$$own/names" \
		"$$o" "$$own/$$(tr / - <<<"$${o#build/obj/}")"; done; \
	ar rcs "$$own/new.a" "$$own"/*.o && mv -f "$$own/new.a" $@

build/lib/explore.wraps: build/lib/libexplore.a
	nm -g --defined-only $< | sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | \
		sort >$@.$$$$ && mv -f $@.$$$$ $@
