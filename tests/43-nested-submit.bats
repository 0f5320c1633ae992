#!/usr/bin/env bats
# Lab 43, Nested submit.

load helper

@test "labs/ holds the program that the tests call shipped" {
    lab_is_shipped
}

@test "each detector says of bug and solution what lab.conf promises" {
    detectors_as_promised
}

@test "the solution passes" {
    solution_passes
}

@test "every wrong submission fails, each for its own reason" {
    submissions "$ROOT/tests/submissions/$LAB"/wrong-*
}

@test "every right submission passes, however it is done" {
    submissions "$ROOT/tests/submissions/$LAB"/right-*
}
