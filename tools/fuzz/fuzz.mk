# The fuzz targets: tests/fuzz/NAME.c with the parts that its lines "with:"
# name (% stands for all but main.c) and the libraries of its line "links:",
# under libFuzzer, ASan and UBSan.
# usage: make -f tools/fuzz/fuzz.mk [build/fuzz/NAME...]

.DELETE_ON_ERROR:
CLANG ?= clang
CHECKS := address,undefined
FUZZ_CFLAGS := -std=gnu11 -O1 -g -D_GNU_SOURCE -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,$(CHECKS) -fno-sanitize-recover=all
HEADERS := $(wildcard tools/*/*.h tools/explore/*/*.h tests/fuzz/*.h)
NAMES := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
told = $(shell sed -n 's|^ \* $2: ||p' tests/fuzz/$1.c)

all: $(NAMES:%=build/fuzz/%)

build/fuzz/obj/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) -c -o $@ $<

# What the targets ask for names; with debugging information of its own.
build/fuzz/program: tests/fuzz/program/program.c
	@mkdir -p $(@D)
	$(CLANG) -g -gdwarf-4 -O0 -o $@ $<

define target
build/fuzz/$1: build/fuzz/obj/tests/fuzz/$1.o \
		$(patsubst %.c,build/fuzz/obj/%.o,$(filter-out %/main.c,\
			$(wildcard $(subst %,*,$(addprefix tools/,\
			$(addsuffix .c,$(call told,$1,with))))))) \
		build/fuzz/program
	$$(CLANG) -fsanitize=fuzzer,$$(CHECKS) -o $$@ \
		$$(filter %.o,$$^) $(call told,$1,links)
endef
$(foreach name,$(NAMES),$(eval $(call target,$(name))))
