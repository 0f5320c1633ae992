#!/usr/bin/env bats
# Lab 21, The unlocked counter.

load helper

@test "labs/ holds the program that the tests call shipped" {
    lab_is_shipped
}

@test "each detector says of the bug what lab.conf promises" {
    local detector
    for detector in $(detector_names); do
        detector_as_promised "$detector"
    done
}

@test "the solution passes and no detector complains of it" {
    solution_is_clean
}

@test "every wrong submission fails, each for its own reason" {
    local file
    for file in "$ROOT/tests/submissions/$LAB"/wrong-*; do
        echo "${file##*/}"
        submission "${file##*/}"
    done
}

@test "every right submission passes, however it is done" {
    local file
    for file in "$ROOT/tests/submissions/$LAB"/right-*; do
        echo "${file##*/}"
        submission "${file##*/}"
    done
}
