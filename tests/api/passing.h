/* SPDX-License-Identifier: MIT */
/* Descriptors that are sent along with a packet. */
#ifndef MSGQ_TESTS_API_PASSING_H
#define MSGQ_TESTS_API_PASSING_H

#include <cstring>
#include <vector>

#include <sys/socket.h>

namespace api
{

/* As sendmsg() of what @parts are; at most 253 go with one. */
inline ssize_t send_along(int socket, std::vector<iovec> parts, const std::vector<int> &descriptors)
{
	const size_t bytes = descriptors.size() * sizeof(int);
	std::vector<unsigned char> room(CMSG_SPACE(bytes));
	msghdr message = {};

	message.msg_iov = parts.data();
	message.msg_iovlen = parts.size();
	message.msg_control = room.data();
	message.msg_controllen = room.size();
	cmsghdr *head = CMSG_FIRSTHDR(&message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(bytes);
	memcpy(CMSG_DATA(head), descriptors.data(), bytes);
	return sendmsg(socket, &message, MSG_NOSIGNAL);
}

} // namespace api

#endif
