// SPDX-License-Identifier: MIT
/*
 * co_await queue.receive(): a coroutine for each queue, all in one thread that
 * sleeps in io_uring.
 *
 *   coroutine 100 3                     serves the queues 100, 101 and 102
 *   echo hello | msgqctl send 101       prints "101: hello"
 *
 * Ends when every queue has had the end of a stream.
 */
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <err.h>
#include <exception>
#include <string_view>

#include <liburing.h>
#include <msgqipc.hpp>
#include <poll.h>

using msgqipc::Error;

// Runs until it first waits; whoever it then waits for runs it on.
struct Task {
	using promise_type = Task;

	Task get_return_object()
	{
		return {};
	}
	std::suspend_never initial_suspend() noexcept
	{
		return {};
	}
	std::suspend_never final_suspend() noexcept
	{
		return {};
	}
	void return_void()
	{
	}
	void unhandled_exception()
	{
		std::terminate();
	}
};

class Queue
{
	msgqipc::Queue queue;
	std::byte room[64];
	msgqipc::Result<std::span<std::byte>> got = Error::notfound;
	std::coroutine_handle<> waiting;

public:
	Queue(msgqipc::Context &ctx, msgqipc::Key key)
	    : queue(ctx.create(64, { key, reinterpret_cast<uintptr_t>(this), 0 }).value())
	{
		queue.nonblock().value();
		queue.activate().value();
	}

	// Waits for an event in any case, so that all queues get their turns.
	struct Receive : std::suspend_always {
		Queue &from;

		void await_suspend(std::coroutine_handle<> who)
		{
			from.waiting = who;
		}
		std::span<std::byte> await_resume()
		{
			return from.got.value();
		}
	};

	// The next message, which stays until the one after it is asked for.
	Receive receive()
	{
		return { {}, *this };
	}

	// At an event, which may come without a need. The queue may then be gone.
	void resume()
	{
		got = queue.recv(room);
		if (got.error() != Error::notfound)
			waiting.resume();
	}
};

static Task serve(msgqipc::Context &ctx, msgqipc::Key key, int &streams)
{
	Queue queue(ctx, key);

	for (;;) {
		std::span<std::byte> message = co_await queue.receive();

		if (message.empty())
			break;
		std::string_view text(reinterpret_cast<char *>(message.data()), message.size());
		text.remove_suffix(text.ends_with('\n'));
		printf("%llu: %.*s\n", (unsigned long long)key, (int)text.size(), text.data());
	}
	streams--;
}

static void sleep(io_uring &ring, int fd)
{
	io_uring_cqe *done;

	io_uring_prep_poll_add(io_uring_get_sqe(&ring), fd, POLLIN);
	io_uring_submit(&ring);
	if (!io_uring_wait_cqe(&ring, &done))
		io_uring_cqe_seen(&ring, done);
}

int main(int argc, char **argv)
{
	unsigned long first = argc == 3 ? strtoul(argv[1], nullptr, 0) : 0;
	int streams = argc == 3 ? atoi(argv[2]) : 0;
	msgqipc::Event room[16];
	io_uring ring;

	if (!first || streams < 1) {
		fprintf(stderr, "usage: %s KEY COUNT\n", argv[0]);
		return 2;
	}
	if (int error = io_uring_queue_init(4, &ring, 0))
		errx(1, "io_uring is not there: %s", strerror(-error));
	msgqipc::Context ctx = msgqipc::Context::open().value();
	for (int i = 0, count = streams; i < count; i++)
		serve(ctx, first + i, streams);
	while (streams) {
		std::span<msgqipc::Event> events = ctx.events(room).value();

		for (const msgqipc::Event &event : events)
			if (event.can_recv())
				reinterpret_cast<Queue *>(event.cookie)->resume();
		if (events.empty()) {
			fflush(stdout);
			ctx.arm().value();
			sleep(ring, ctx.fd().value());
		}
	}
	io_uring_queue_exit(&ring);
	return 0;
}
