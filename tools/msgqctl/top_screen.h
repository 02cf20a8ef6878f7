/* SPDX-License-Identifier: MIT */
/*
 * The terminal while top has it: another screen, no cursor, keys as they are
 * typed. It is given back at any end that a process can see of itself, also one
 * by a fault, and while it is stopped.
 */
#ifndef MSGQCTL_TOP_SCREEN_H
#define MSGQCTL_TOP_SCREEN_H

#include <string>
#include <vector>

#include "top_view.h"

class TopScreen
{
public:
	TopScreen();
	~TopScreen();
	TopScreen(const TopScreen &) = delete;
	TopScreen &operator=(const TopScreen &) = delete;

	/* As large as it is now. */
	Look look() const;
	void show(const std::vector<std::string> &lines) const;

	enum class Why { Time, Key, Resized, Signal };
	/* So long at most; what for, and which key or signal. */
	Why wait(double seconds, int &which) const;

	/* Not another screen, but what stays when it is gone. */
	void leave() const;
};

/* Of the locale and the environment: what may be printed to standard output. */
bool locale_is_utf8();
bool may_color();

#endif
