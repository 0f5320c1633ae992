# rl-draw: an interleaving as text, SVG, Mermaid or a page.
DRAW_OBJ := $(patsubst tools/draw/%.c,build/obj/draw/%.o,$(wildcard tools/draw/*.c))
TOOLS += build/bin/rl-draw

build/obj/draw/%.o: tools/draw/%.c $(wildcard tools/draw/*.h) \
		build/obj/draw/page.h
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(CFLAGS) -Ibuild/obj/draw -c -o $@ $<

# The page's script and style as arrays, and their hashes, which the page's
# policy names.
build/obj/draw/page.h: tools/draw/page.css tools/draw/page.js
	@mkdir -p $(@D)
	@for file in $^; do name=$$(basename "$$file" | tr . _); \
		echo "static const unsigned char $$name[] = {"; \
		od -An -v -tx1 "$$file" | sed 's/ \(..\)/0x\1,/g'; \
		echo "};"; \
		sum=$$(sha256sum <"$$file" | cut -c1-64 | sed 's/../\\x&/g'); \
		echo "#define $${name^^}_SHA256 \"$$(printf "$$sum" | base64)\""; \
	done >$@.$$$$ && mv -f $@.$$$$ $@

build/bin/rl-draw: $(DRAW_OBJ)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@.$$$$ $^ -ljansson && mv -f $@.$$$$ $@
