/* SPDX-License-Identifier: MIT */
/* The cases: small enough to be exhausted, the smallest first. */
#ifndef MSGQ_TESTS_MODEL_CASES_H
#define MSGQ_TESTS_MODEL_CASES_H

#include "case.h"

inline constexpr Case cases[] = {
	/* name, capacity, sends, insists, sleeps, crashes, keeper, buffered */
	{ "c1-2x1", 1, { 1, 1, 0 }, false, false, 0, {}, false },
	{ "c1-2x1-buffered", 1, { 1, 1, 0 }, false, false, 0, {}, true },
	{ "c1-2x1-sleep", 1, { 1, 1, 0 }, true, true, 0, {}, false },
	{ "c1-2x1-close", 1, { 1, 1, 0 }, false, false, 0, { Op::close }, false },
	{ "c1-2x1-crash-sleep", 1, { 1, 1, 0 }, true, true, 2, {}, false },
	{ "c1-2x1-cancel", 1, { 1, 1, 0 }, false, false, 0, { Op::cancel }, false },
	{ "c1-2x1-cancel-buffered", 1, { 1, 1, 0 }, false, false, 0, { Op::cancel }, true },
	{ "c2-2x1-cancel-buffered", 2, { 1, 1, 0 }, false, false, 0, { Op::cancel }, true },
	{ "c2-2x0-cancel2-buffered",
	  2,
	  { 2, 0, 0 },
	  false,
	  false,
	  0,
	  { Op::cancel, Op::cancel },
	  true },
	{ "c1-1x1-cancel-look", 1, { 1, 0, 0 }, false, false, 0, { Op::cancel }, false, true },
	{ "c2-2x1-cancel", 2, { 1, 1, 0 }, false, false, 0, { Op::cancel }, false },
	{ "c1-2x1-cancel-sleep", 1, { 1, 1, 0 }, true, true, 0, { Op::cancel }, false },
	{ "c1-2x2-insist", 1, { 2, 2, 0 }, true, false, 0, {}, false },
	{ "c1-2x1-close-buffered", 1, { 1, 1, 0 }, false, false, 0, { Op::close }, true },
	{ "c3-2x2", 3, { 2, 2, 0 }, false, false, 0, {}, false },
	{ "c1-2x1-crash-sleep-buffered", 1, { 1, 1, 0 }, true, true, 1, {}, true },
	{ "c1-2x2-buffered", 1, { 2, 2, 0 }, true, false, 0, {}, true },
	{ "c1-3x1-insist", 1, { 1, 1, 1 }, true, false, 0, {}, false },
	{ "c2-2x1-crash-sleep-buffered", 2, { 1, 1, 0 }, true, true, 1, {}, true },
	{ "c2-2x1-close-buffered", 2, { 1, 1, 0 }, false, false, 0, { Op::close }, true },
	{ "c3-3x1", 3, { 1, 1, 1 }, false, false, 0, {}, false },
	{ "c2-2x2", 2, { 2, 2, 0 }, false, false, 0, {}, false },
	{ "c1-2x1-reopen-buffered", 1, { 1, 1, 0 }, true, false, 0, { Op::close, Op::open }, true },
	{ "c2-3x1-insist", 2, { 1, 1, 1 }, true, false, 0, {}, false },
	{ "c1-2x1-reopen", 1, { 1, 1, 0 }, true, true, 0, { Op::close, Op::open }, false },
	{ "c1-2x2-crash", 1, { 2, 2, 0 }, true, false, 1, {}, false },
	{ "c2-2x2-buffered", 2, { 2, 2, 0 }, true, false, 0, {}, true },
	{ "c1-2x2-sleep", 1, { 2, 2, 0 }, true, true, 0, {}, false },
	{ "c2-21-close", 2, { 2, 1, 0 }, false, false, 0, { Op::close }, false },
	{ "c1-21-crash-sleep", 1, { 2, 1, 0 }, true, true, 1, {}, false },
	{ "c1-21-reopen", 1, { 2, 1, 0 }, false, false, 0, { Op::close, Op::open }, false },
	{ "c2-2x2-crash", 2, { 2, 2, 0 }, true, false, 1, {}, false },
	{ "c2-21-crash-sleep", 2, { 2, 1, 0 }, true, true, 1, {}, false },
	{ "c1-2x2-sleep-buffered", 1, { 2, 2, 0 }, true, true, 0, {}, true },
	{ "c1-21-crash-sleep-buffered", 1, { 2, 1, 0 }, true, true, 1, {}, true },
	{ "c2-2x1-crash-close", 2, { 1, 1, 0 }, false, true, 1, { Op::close }, false },
	{ "c1-2x1-crash-close", 1, { 1, 1, 0 }, false, true, 1, { Op::close }, false },
	{ "c3-3x1-crash", 3, { 1, 1, 1 }, false, false, 1, {}, false },
	{ "c1-2x2-close", 1, { 2, 2, 0 }, false, false, 0, { Op::close }, false },
	{ "c1-3x1-close", 1, { 1, 1, 1 }, false, false, 0, { Op::close }, false },
};

#endif
