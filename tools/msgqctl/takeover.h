/* SPDX-License-Identifier: MIT */
#ifndef MSGQCTL_TAKEOVER_H
#define MSGQCTL_TAKEOVER_H

#include <string>

#include "outbox.h"
#include "status.h"

/*
 * How far a part has come whose sender is dead, by the status file of the
 * receiver: waits until everything that the dead one had put into the queue
 * is told there. Its acknowledged messages are in the queue, and it can send
 * no others; so a sender that goes on at part.next leaves no gap and sends
 * nothing twice.
 */
Status::Part takeover(Client &client, Outbox &outbox, const std::string &path, uint16_t part);

#endif
