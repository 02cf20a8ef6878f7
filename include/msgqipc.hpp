// SPDX-License-Identifier: MIT
/*
 * msgqipc.hpp - MSGQIPC for C++20: what was opened closes itself.
 *
 * The calls are those of msgqipc.h, which tells what they do, and so do their
 * errors. A call answers by a Result: a value, or why there is none. Nothing
 * throws, but Result::value() if there is no value, and only where the program
 * is compiled with exceptions. Nothing allocates but open() and create(), and
 * they do in the library only.
 *
 * A Context belongs to the thread that opened it, and so do its queues. Queues
 * have to be gone before their Context is.
 */
#ifndef MSGQIPC_HPP
#define MSGQIPC_HPP

#include "msgqipc/context.hpp"

#endif
