/* SPDX-License-Identifier: MIT */
/* What it takes to make a queue, to send to one for the first time, and then again. */
#ifndef MSGQ_TESTS_BENCH_SETUP_H
#define MSGQ_TESTS_BENCH_SETUP_H

#include <string>

#include "handoff.h"
#include "ours.h"

constexpr unsigned SETUP_QUEUES = 16;

template <typename Step>
double median_ticks(unsigned count, Step step)
{
	std::vector<double> each;

	for (unsigned n = 0; n < count; n++) {
		const uint64_t begin = ticks();

		step(n);
		each.push_back(static_cast<double>(ticks() - begin));
	}
	return median_of(each);
}

inline double ours_first_send(uint32_t entries, uint32_t flags = 0)
{
	msgqipc_ctx *owner = ours_context(), *sender = ours_context();
	std::vector<msgqipc_addr> addr(SETUP_QUEUES + 1);
	double result;

	for (msgqipc_addr &at : addr)
		if (msgqipc_activate(owner, ours_queue(owner, &at, entries, flags)))
			give_up_ours("msgqipc_activate");
	const auto send = [&](unsigned n) {
		const uint64_t value = n;

		if (msgqipc_send(sender, &addr[n], &value, sizeof(value)))
			give_up_ours("msgqipc_send");
	};
	/* The first of a context makes its table. */
	send(SETUP_QUEUES);
	result = median_ticks(SETUP_QUEUES, send);
	msgqipc_destroy(sender);
	msgqipc_destroy(owner);
	return result;
}

inline double posix_first_send(uint32_t entries)
{
	std::vector<mqd_t> owned, opened(SETUP_QUEUES);
	std::vector<std::string> name;
	double result;

	for (unsigned n = 0; n < SETUP_QUEUES; n++) {
		name.push_back("/msgq-bench" + std::to_string(n));
		owned.push_back(posix_open(name[n].c_str(), O_CREAT | O_EXCL, entries));
	}
	result = median_ticks(SETUP_QUEUES, [&](unsigned n) {
		const uint64_t value = n;

		opened[n] = mq_open(name[n].c_str(), O_WRONLY);
		if (mq_send(opened[n], reinterpret_cast<const char *>(&value), sizeof(value), 0))
			give_up("mq_send");
	});
	for (unsigned n = 0; n < SETUP_QUEUES; n++) {
		mq_close(owned[n]);
		mq_close(opened[n]);
		mq_unlink(name[n].c_str());
	}
	return result;
}

inline double ours_create(uint32_t entries, bool activate)
{
	msgqipc_ctx *ctx = ours_context();
	const double result = median_ticks(SETUP_QUEUES, [&](unsigned) {
		msgqipc_addr addr;
		msgqipc_queue *queue = ours_queue(ctx, &addr, entries);

		if (activate && msgqipc_activate(ctx, queue))
			give_up_ours("msgqipc_activate");
		if (msgqipc_close(ctx, queue, 0))
			give_up_ours("msgqipc_close");
	});

	msgqipc_destroy(ctx);
	return result;
}

inline double posix_create(uint32_t entries)
{
	return median_ticks(SETUP_QUEUES, [&](unsigned) {
		mq_close(posix_open("/msgq-bench", O_CREAT | O_EXCL, entries));
		mq_unlink("/msgq-bench");
	});
}

inline double system_v_create()
{
	return median_ticks(SETUP_QUEUES, [&](unsigned) {
		msgctl(msgget(IPC_PRIVATE, 0600), IPC_RMID, nullptr);
	});
}

/*
 * A send when nobody waits, of @len bytes, and the receive of it: as many as
 * a POSIX queue holds, then they are received.
 */
constexpr unsigned SEND_ROUNDS = 50, SEND_BATCH = 10;

struct SendTicks {
	double send, recv;
};

template <typename Send, typename Recv>
SendTicks send_ticks(Send send, Recv recv)
{
	std::vector<double> sends, recvs;

	for (unsigned round = 0; round < SEND_ROUNDS; round++) {
		const uint64_t begin = ticks();

		for (unsigned n = 0; n < SEND_BATCH; n++)
			send();
		const uint64_t middle = ticks();

		for (unsigned n = 0; n < SEND_BATCH; n++)
			recv();
		recvs.push_back(static_cast<double>(ticks() - middle) / SEND_BATCH);
		sends.push_back(static_cast<double>(middle - begin) / SEND_BATCH);
	}
	return { median_of(sends), median_of(recvs) };
}

inline SendTicks ours_send(size_t len, uint32_t flags)
{
	msgqipc_ctx *ctx = ours_context(), *sender = ours_context();
	msgqipc_addr addr;
	msgqipc_queue *queue = ours_queue(ctx, &addr, SEND_BATCH, flags);
	char message[64] = {};
	SendTicks result;

	if (msgqipc_activate(ctx, queue) || msgqipc_poke(sender, &addr))
		give_up_ours("msgqipc_activate");
	result = send_ticks(
		[&] {
			if (msgqipc_send(sender, &addr, message, len))
				give_up_ours("msgqipc_send");
		},
		[&] {
			if (msgqipc_recv(ctx, queue, message, sizeof(message)) < 0)
				give_up_ours("msgqipc_recv");
		});
	msgqipc_destroy(sender);
	msgqipc_destroy(ctx);
	return result;
}

inline SendTicks posix_send(size_t len)
{
	const mqd_t queue = posix_open("/msgq-bench", O_CREAT | O_EXCL, SEND_BATCH);
	char message[64] = {};
	SendTicks result;

	mq_unlink("/msgq-bench");
	result = send_ticks(
		[&] {
			if (mq_send(queue, message, len, 0))
				give_up("mq_send");
		},
		[&] {
			if (mq_receive(queue, message, sizeof(message), nullptr) < 0)
				give_up("mq_receive");
		});
	mq_close(queue);
	return result;
}

inline SendTicks system_v_send(size_t len)
{
	const int queue = msgget(IPC_PRIVATE, 0600);
	struct {
		long type;
		char text[64];
	} message = { 1, {} };
	SendTicks result;

	result = send_ticks(
		[&] {
			if (msgsnd(queue, &message, len, 0))
				give_up("msgsnd");
		},
		[&] {
			if (msgrcv(queue, &message, sizeof(message.text), 0, 0) < 0)
				give_up("msgrcv");
		});
	msgctl(queue, IPC_RMID, nullptr);
	return result;
}

#endif
