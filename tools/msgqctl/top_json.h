/* SPDX-License-Identifier: MIT */
#ifndef MSGQCTL_TOP_JSON_H
#define MSGQCTL_TOP_JSON_H

#include <string>

#include "top_frame.h"

/* A frame as one object on one line. */
std::string frame_json(const Frame &frame);

#endif
