/* SPDX-License-Identifier: MIT */
/* A frame as lines of text. */
#ifndef MSGQCTL_TOP_VIEW_H
#define MSGQCTL_TOP_VIEW_H

#include <string>
#include <vector>

#include "top_frame.h"

struct Look {
	size_t width = 80;
	size_t height = 0; /* 0: as many lines as there are */
	bool color = false;
	bool utf8 = false;
};

/* Lines no wider than @look says, not counting what colours them. */
std::vector<std::string> render(const Frame &frame, const Look &look);

#endif
