// SPDX-License-Identifier: MIT
/* io_uring: an own ring for each actor, made when it is first wanted. */
#include "act.h"

#include <liburing.h>
#include <poll.h>
#include <unistd.h>

namespace
{

thread_local io_uring uring;
thread_local bool made;

io_uring_sqe *entry(Input &input)
{
	const uint8_t how = input.byte();

	if (!made) {
		io_uring_params parameters = {};

		/* Submitted by a thread of the kernel's, at times. */
		if (how >= 240)
			parameters.flags = IORING_SETUP_SQPOLL;
		if (io_uring_queue_init_params(16, &uring, &parameters))
			return nullptr;
		made = true;
	}
	return io_uring_get_sqe(&uring);
}

void submit(io_uring_sqe *sqe, Input &input)
{
	const uint8_t how = input.byte();

	sqe->user_data = how % 4;
	if (how >= 192)
		sqe->flags |= IOSQE_ASYNC;
	if (how >= 224)
		sqe->flags |= IOSQE_IO_LINK;
	io_uring_submit(&uring);
}

} // namespace

void act_uring_poll(Process &process, Input &input)
{
	io_uring_sqe *sqe = entry(input);
	const int fd = process.any_fd(input);
	const uint8_t how = input.byte();

	if (!sqe)
		return;
	if (how & 1)
		io_uring_prep_poll_multishot(sqe, fd, POLLIN);
	else
		io_uring_prep_poll_add(sqe, fd, POLLIN);
	submit(sqe, input);
}

void act_uring_wait(Process &process, Input &input)
{
	io_uring_sqe *sqe = entry(input);
	const int fd = process.any_fd(input);
	const uint8_t how = input.byte();

	if (!sqe)
		return;
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, nullptr, 0, 0);
	sqe->cmd_op = how < 224 ? MSGQ_URING_WAIT : static_cast<uint32_t>(input.guess());
	if (how >= 248)
		sqe->addr3 = input.guess();
	submit(sqe, input);
	/* So many that there is no room for another. */
	if (how % 32 != 31)
		return;
	for (int i = 0; i < 80; i++) {
		sqe = io_uring_get_sqe(&uring);
		if (!sqe)
			return;
		io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, nullptr, 0, 0);
		sqe->cmd_op = MSGQ_URING_WAIT;
		io_uring_submit(&uring);
	}
}

/* Takes what is complete, or asks for what is pending to be taken back. */
void act_uring_look(Process &, Input &input)
{
	io_uring_sqe *sqe = entry(input);
	const uint8_t how = input.byte();
	io_uring_cqe *cqe;

	if (!made)
		return;
	if (sqe && how & 1)
		io_uring_prep_cancel64(sqe, how / 2 % 4, IORING_ASYNC_CANCEL_ALL);
	else if (sqe)
		io_uring_prep_nop(sqe);
	if (sqe)
		io_uring_submit(&uring);
	while (!io_uring_peek_cqe(&uring, &cqe))
		io_uring_cqe_seen(&uring, cqe);
}

void act_uring_close(Process &, Input &)
{
	if (made)
		io_uring_queue_exit(&uring);
	made = false;
}
