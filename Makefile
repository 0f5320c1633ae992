# The race and deadlock lab: builds the tools, runs the labs' commands.
# `make help` lists the targets; what they do lives in tools/.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := labs

CC ?= gcc
TOOL_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -fvisibility=hidden \
	-ffunction-sections -pthread

TOOLS :=
include $(wildcard tools/*/build.mk tools/explore/*/build.mk)

.PHONY: tools clean labs

tools: $(TOOLS) ## build the tools (the other targets do so by themselves)

clean: ## remove build/
	rm -rf build
