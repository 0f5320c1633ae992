# The race and deadlock lab: builds the tools, runs the labs' commands.
# `make help` lists the targets; what they do lives in tools/.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := labs

# make's own default is cc; a CC that somebody gave is theirs.
ifeq ($(origin CC),default)
CC := gcc
endif
TOOL_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -fvisibility=hidden \
	-ffunction-sections -pthread

TOOLS :=
include $(wildcard tools/*/build.mk tools/explore/*/build.mk)

# What a user gives, LAB=21 or SUBMISSION=path, reaches a command as RL_LAB or
# RL_SUBMISSION in its environment, letter by letter: make expands nothing in
# it and no shell reads it.
SETTINGS := LAB SUBMISSION FORMAT OUT POINTS KIND WORD RUNS SEED WALL JOBS \
	TOKEN SUBMISSIONS PART PARTS FORCE FROM SANDBOX SECONDS
$(foreach name,$(SETTINGS),$(if $(filter-out undefined,$(origin $(name))),\
	$(eval override $(name) := $$(value $(name)))\
	$(eval export RL_$(name) := $$(value $(name)))))
ifneq ($(filter command environment,$(firstword $(origin CC))),)
override CC := $(value CC)
export RL_CC := $(value CC)
endif

RACELAB := tools/racelab
# An interactive target ends well when it found something or has no answer.
FINDINGS_ARE_FINE = || case $$? in 1 | 4) ;; *) exit 2 ;; esac
DETECTORS := $(notdir $(basename $(wildcard tools/detectors/*)))

# What is asked for beside setup waits for it.
ifneq ($(filter setup,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

.PHONY: labs list run hint replay timeline watch explain reset diff check demo matrix doctor
.PHONY: grade grade-slurm test-cluster mutants
.PHONY: gradescope test-gradescope handout fuzz bench choose
.PHONY: setup test test-web soak lint tools clean help $(DETECTORS)

labs: ## the labs, how far you are, what to do next (bare `make`)
	@$(RACELAB) list

list: labs

run: ## LAB=21: run the program several times, see what varies
	@$(RACELAB) run $(FINDINGS_ARE_FINE)

$(DETECTORS):
	@$(RACELAB) $@ $(FINDINGS_ARE_FINE)

replay: ## LAB=21 [FORMAT=html OUT=file]: the failing interleaving
	@$(RACELAB) replay $(FINDINGS_ARE_FINE)

timeline: ## LAB=21 [FORMAT=svg OUT=file]: one run, each thread over time
	@$(RACELAB) timeline $(FINDINGS_ARE_FINE)

hint: ## LAB=21: the next hint
	@$(RACELAB) hint

check: ## [LAB=21] [SUBMISSION=path] [FORMAT=text]: judge, with points
	@$(RACELAB) check

grade: ## SUBMISSIONS=dir|zip [OUT=dir] [PART=2/8]: a class
	@$(RACELAB) grade || case $$? in 4) ;; *) exit 2 ;; esac

grade-slurm: ## the same as a Slurm job array of PARTS=8 parts
	@$(RACELAB) grade-slurm || case $$? in 4) ;; *) exit 2 ;; esac

watch: ## LAB=21: check again at each save; q ends
	@$(RACELAB) watch

diff: ## LAB=21 [WORD=spoil]: compare with the solution, after a pass
	@$(RACELAB) diff $(FINDINGS_ARE_FINE)

reset: ## LAB=21: save your work under build/saved, start over
	@$(RACELAB) reset

explain: ## KIND=data-race: what such a finding means
	@$(RACELAB) explain

demo: ## every shipped bug and every solution under every detector
	@$(RACELAB) demo

matrix: ## the same measured often, as a Markdown table (RUNS=10)
	@$(RACELAB) matrix

mutants: ## [LAB=21]: change the solutions, see what the judge catches
	@$(RACELAB) mutants

bench: ## measure the explorer on this machine (FORMAT=json)
	@$(RACELAB) bench

choose: ## five ways to do the same tasks, measured (FORMAT=svg OUT=file)
	@$(RACELAB) choose

doctor: ## does each tool work on this machine?
	@$(RACELAB) doctor

setup: ## install what is missing
	@tools/setup

test: ## the whole suite
	@$(RACELAB) test

test-web: ## the page of an interleaving, in Chromium
	@RL_WEB=1 $(RACELAB) test tests/web.bats

soak: ## the suite, ten of ten, both compilers, on a busy machine
	@$(RACELAB) test --soak

fuzz: ## [SECONDS=600]: fuzz what reads a program's or student's bytes
	@$(RACELAB) fuzz

gradescope: ## [LAB=21] [OUT=file]: the zip of an autograder for Gradescope
	@$(RACELAB) gradescope

test-gradescope: ## [LAB=21]: rehearse that zip in a fresh Debian (root)
	@tools/gradescope/rehearse

handout: ## [OUT=file]: the zip that students get, without the solutions
	@$(RACELAB) handout

test-cluster: ## grade-slurm on a cluster of this machine alone
	@RL_CLUSTER=1 $(RACELAB) test tests/cluster.bats

lint: ## format and static checks of C, Bash and Bats
	@$(RACELAB) lint

tools: $(TOOLS) ## build the tools (the other targets do so by themselves)

clean: ## remove what was built; your saved work stays
	@$(RACELAB) clean

help: ## this list
	@$(RACELAB) targets Makefile
