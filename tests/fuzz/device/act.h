/* SPDX-License-Identifier: MIT */
/*
 * What an actor can do. All of it is allowed to fail: what the kernel makes of
 * it is judged by the kernel's own checks, and by the end of the VM.
 */
#ifndef MSGQ_TESTS_FUZZ_DEVICE_ACT_H
#define MSGQ_TESTS_FUZZ_DEVICE_ACT_H

#include <cstddef>
#include <cstdint>

#include <msgq/receiver.h>
#include <msgq/sender.h>

#include "../input.h"
#include "../request.h"
#include "board.h"

struct Mapping {
	uint8_t *at;
	size_t size;
};

/* A queue that it serves or sends to, with its areas mapped. */
struct Endpoint {
	bool there;
	msgq_receiver receiver;
	msgq_sender sender;
};

/* What a process has. Its threads may be at it at once. */
struct Process {
	static constexpr unsigned room = 8;
	Board *board;
	unsigned number;
	int fd[room];
	Mapping mapping[room];
	Endpoint own[room], other[room];
	unsigned fds, mappings, owns, others; /* ever: the next replaces the oldest */
	int pins[2];			      /* a pipe, of pages */
	int memory;			      /* /proc/self/mem */
	pid_t child[room];
	unsigned children;

	void begin(Board *at, unsigned which);
	/* Closes, unmaps and kills all of it, as far as it is still known. */
	void reset();
	void keep(int opened);
	void keep(const Mapping &mapped);
	/* Any that is open; -1: none is. */
	int any_fd(Input &input) const;
	/* Opens the device, as the library does. */
	int greeted();
	static void greet(int opened);
	Mapping any_mapping(Input &input) const;
};

struct Act {
	const char *name;
	void (*act)(Process &process, Input &input);
	unsigned weight;
	int choice = -1; /* the argument, if any, of which one value is as good as another */
};

size_t acts_count();
const Act &act_at(size_t number);
uint8_t act_named(const char *name);

/* By file. */
void act_open(Process &process, Input &input);
void act_close(Process &process, Input &input);
void act_copy(Process &process, Input &input);
void act_other(Process &process, Input &input);
void act_poll(Process &process, Input &input);
void act_request(Process &process, Input &input);
void act_odd(Process &process, Input &input);

void act_map(Process &process, Input &input);
void act_unmap(Process &process, Input &input);
void act_protect(Process &process, Input &input);
void act_remap(Process &process, Input &input);
void act_advise(Process &process, Input &input);
void act_write(Process &process, Input &input);
void act_pin(Process &process, Input &input);

void act_serve(Process &process, Input &input);
void act_join(Process &process, Input &input);
void act_send(Process &process, Input &input);
void act_receive(Process &process, Input &input);

void act_pass(Process &process, Input &input);
void act_take(Process &process, Input &input);
void act_fork(Process &process, Input &input);
void act_signal(Process &process, Input &input);
void act_exec(Process &process, Input &input);
void act_unshare(Process &process, Input &input);
void act_nap(Process &process, Input &input);

void act_uring_poll(Process &process, Input &input);
void act_uring_wait(Process &process, Input &input);
void act_uring_look(Process &process, Input &input);
void act_uring_close(Process &process, Input &input);

#endif
